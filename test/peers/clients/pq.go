// What Go's lib/pq sees, as a transcript. Connects as libpq's environment says; the schema `peer` is empty.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
)

func show(err error) string {
	if err == nil {
		return "<nil>"
	}
	var e *pq.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%s %s %q %q %q %s %s.%s.%s %s", e.Severity, e.Code, e.Message, e.Detail, e.Hint, e.Position, e.Schema, e.Table, e.Column, e.Constraint)
	}
	return err.Error()
}

func rows(r *sql.Rows, err error) string {
	if err != nil {
		return show(err)
	}
	defer r.Close()
	out := ""
	for {
		types, _ := r.ColumnTypes()
		for _, t := range types {
			out += t.Name() + ":" + t.DatabaseTypeName() + " "
		}
		for r.Next() {
			values := make([]any, len(types))
			places := make([]any, len(types))
			for i := range values {
				places[i] = &values[i]
			}
			if err := r.Scan(places...); err != nil {
				return out + show(err)
			}
			out += fmt.Sprintf("%q;", values)
		}
		if !r.NextResultSet() {
			break
		}
	}
	return out + " " + show(r.Err())
}

func play(source string) {
	db, err := sql.Open("postgres", source)
	if err != nil {
		panic(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec := func(text string, values ...any) {
		r, err := db.Exec(text, values...)
		n := int64(-1)
		if err == nil {
			n, _ = r.RowsAffected()
		}
		fmt.Println(text, n, show(err))
	}
	exec("SET search_path = peer, public")
	exec("DROP TABLE IF EXISTS t")
	exec("CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2), at timestamptz, tags text[], raw bytea, ok boolean, f float8)")
	for i := 1; i <= 5; i++ {
		exec("INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", i, "Žofie '", "12.30", time.Unix(1767323045, 0).UTC(), pq.Array([]string{"a", "b\"c"}), []byte{0, 255}, i%2 == 0, 1.5)
	}
	fmt.Println(rows(db.Query("SELECT id, name, price, tags, raw, ok, f FROM t WHERE id > $1 ORDER BY id", 2)))
	fmt.Println(rows(db.Query("SELECT 1; SELECT 2 AS two")))
	s, err := db.Prepare("SELECT $1::int + 1, $2::text")
	fmt.Println(show(err))
	for i := 0; i < 3; i++ {
		fmt.Println(rows(s.Query(i, nil)))
	}
	s.Close()
	for _, text := range []string{"INSERT INTO t (id, name) VALUES (1, 'x')", "INSERT INTO t (id, name) VALUES (100, NULL)", "SELEKT 1", "SELECT nothing FROM t", "SELECT 1/0"} {
		exec(text)
		_, err := db.Prepare(text)
		fmt.Println(show(err))
	}
	tx, _ := db.Begin()
	_, err = tx.Exec("DELETE FROM t")
	fmt.Println(show(err))
	_, err = tx.Exec("SELECT 1/0")
	fmt.Println(show(err))
	_, err = tx.Exec("SELECT 1")
	fmt.Println(show(err), show(tx.Commit()))
	fmt.Println(rows(db.Query("SELECT count(*) FROM t")))
	tx, _ = db.Begin()
	in, err := tx.Prepare(pq.CopyInSchema("peer", "t", "id", "name"))
	fmt.Println(show(err))
	for i := 100; i < 3000; i++ {
		if _, err := in.Exec(i, "copied"); err != nil {
			fmt.Println(show(err))
		}
	}
	_, err = in.Exec()
	fmt.Println(show(err), show(in.Close()), show(tx.Commit()))
	tx, _ = db.Begin()
	in, _ = tx.Prepare(pq.CopyIn("t", "id", "name"))
	in.Exec("x", "y")
	_, err = in.Exec()
	fmt.Println(show(err))
	in.Close()
	fmt.Println(show(tx.Rollback()))
	ctx, stop := context.WithTimeout(context.Background(), 300*time.Millisecond)
	_, err = db.ExecContext(ctx, "SELECT pg_sleep(20)")
	fmt.Println(show(err))
	stop()
	fmt.Println(rows(db.Query("SELECT count(*), 'fine' FROM peer.t")))
	listener := pq.NewListener(source, time.Second, time.Minute, nil)
	fmt.Println(show(listener.Listen("peer_news")))
	exec("NOTIFY peer_news, 'first'")
	select {
	case n := <-listener.Notify:
		fmt.Println(n.Channel, n.Extra)
	case <-time.After(3 * time.Second):
		fmt.Println("nothing heard")
	}
	listener.Close()
	ro, err := db.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelSerializable, ReadOnly: true})
	fmt.Println(show(err))
	_, err = ro.Exec("DELETE FROM peer.t")
	fmt.Println(show(err), show(ro.Rollback()))
}

func main() {
	play("sslmode=disable")
	play("sslmode=disable binary_parameters=yes")
}
