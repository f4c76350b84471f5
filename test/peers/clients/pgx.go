// What Go's pgx sees, as a transcript. Connects as libpq's environment says; the schema `peer` is empty.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
)

var ctx = context.Background()

func show(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return fmt.Sprintf("%s %s %q %q %q %d %s.%s.%s %s", e.Severity, e.Code, e.Message, e.Detail, e.Hint, e.Position, e.SchemaName, e.TableName, e.ColumnName, e.ConstraintName)
	}
	return fmt.Sprint(err)
}

func rows(r pgx.Rows, err error) string {
	if err != nil {
		return show(err)
	}
	defer r.Close()
	out := ""
	for r.Next() {
		if out == "" {
			for _, f := range r.FieldDescriptions() {
				out += fmt.Sprintf("%s:%d:%d:%d ", f.Name, f.DataTypeOID, f.TableAttributeNumber, f.Format)
			}
		}
		values, err := r.Values()
		out += fmt.Sprintf("%v%v;", values, err)
	}
	return out + r.CommandTag().String() + " " + show(r.Err())
}

func play(simple bool) {
	config, err := pgx.ParseConfig("sslmode=disable")
	if err != nil {
		panic(err)
	}
	config.PreferSimpleProtocol = simple
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { fmt.Println("notice", n.Severity, n.Code, n.Message, n.Hint) }
	db, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		panic(err)
	}
	defer db.Close(ctx)
	exec := func(text string, values ...any) {
		tag, err := db.Exec(ctx, text, values...)
		fmt.Println(text, tag, show(err))
	}
	exec("SET search_path = peer, public")
	exec("DROP TABLE IF EXISTS t")
	exec("CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2), at timestamptz, tags text[], raw bytea, ok boolean, f float8)")
	for i := 1; i <= 5; i++ {
		exec("INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", i, "Žofie '", "12.30", time.Unix(1767323045, 0).UTC(), []string{"a", "b\"c"}, []byte{0, 255}, i%2 == 0, 1.5)
		fmt.Println(rows(db.Query(ctx, "SELECT id, name, raw, ok, f, tags::text FROM t WHERE id = $1", i)))
	}
	for _, text := range []string{"INSERT INTO t (id, name) VALUES (1, 'x')", "INSERT INTO t (id, name) VALUES (100, NULL)", "SELEKT 1", "SELECT nothing FROM t", "SELECT 1/0"} {
		exec(text)
		fmt.Println(rows(db.Query(ctx, text)))
	}
	batch := &pgx.Batch{}
	for i := 0; i < 20; i++ {
		batch.Queue("SELECT $1::int", i)
	}
	batch.Queue("SELECT 1/$1::int", 0)
	batch.Queue("SELECT 'lost'")
	results := db.SendBatch(ctx, batch)
	for i := 0; i < 22; i++ {
		fmt.Println(rows(results.Query()))
	}
	fmt.Println(show(results.Close()))
	exec("SELECT 1")
	err = db.BeginFunc(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE t SET price = 0")
		fmt.Println(show(err))
		err = tx.BeginFunc(ctx, func(inner pgx.Tx) error {
			_, err := inner.Exec(ctx, "SELECT 1/0")
			return err
		})
		fmt.Println(show(err))
		_, err = tx.Exec(ctx, "SELECT 1/0")
		return err
	})
	fmt.Println(show(err))
	fmt.Println(rows(db.Query(ctx, "SELECT sum(price)::text FROM t")))
	n, err := db.CopyFrom(ctx, pgx.Identifier{"t"}, []string{"id", "name"}, pgx.CopyFromSlice(2000, func(i int) ([]any, error) { return []any{1000 + i, fmt.Sprint("copied ", i)}, nil }))
	fmt.Println(n, show(err))
	_, err = db.CopyFrom(ctx, pgx.Identifier{"t"}, []string{"id", "name"}, pgx.CopyFromSlice(2, func(i int) ([]any, error) { return []any{1000, "again"}, nil }))
	fmt.Println(show(err))
	var out bytes.Buffer
	tag, err := db.PgConn().CopyTo(ctx, &out, "COPY (SELECT id, name FROM t ORDER BY id LIMIT 3) TO STDOUT (FORMAT csv)")
	fmt.Println(tag, show(err), out.String())
	tag, err = db.PgConn().CopyFrom(ctx, strings.NewReader("9000\tone\n9001\ttwo\n"), "COPY t (id, name) FROM STDIN")
	fmt.Println(tag, show(err))
	tag, err = db.PgConn().CopyFrom(ctx, strings.NewReader("x\ty\n"), "COPY t (id, name) FROM STDIN")
	fmt.Println(tag, show(err))
	many := db.PgConn().Exec(ctx, "SELECT 1; SELECT 2; SELECT 1/0; SELECT 3")
	all, err := many.ReadAll()
	for _, one := range all {
		fmt.Printf("%s %q %s\n", one.CommandTag, one.Rows, show(one.Err))
	}
	fmt.Println(show(err))
	exec("DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful' USING HINT = 'h'; END $$")
	exec("LISTEN peer_news")
	exec("NOTIFY peer_news, 'first'")
	heard, stopHearing := context.WithTimeout(ctx, 3*time.Second)
	note, err := db.WaitForNotification(heard)
	stopHearing()
	if note != nil {
		fmt.Println(note.Channel, note.Payload, show(err))
	}
	go func() {
		time.Sleep(300 * time.Millisecond)
		if err := db.PgConn().CancelRequest(ctx); err != nil {
			fmt.Println(show(err))
		}
	}()
	exec("SELECT pg_sleep(20)")
	exec("SELECT 1")
	described, err := db.Prepare(ctx, "named", "SELECT id, name FROM t WHERE id = $1 AND name = $2")
	fmt.Println(described.ParamOIDs, len(described.Fields), show(err), show(db.Deallocate(ctx, "named")))
}

func main() {
	play(false)
	play(true)
}
