// What the PostgreSQL JDBC driver sees, as a transcript. Connects as PGHOST… say; the schema `peer` is empty.
import java.io.*;
import java.math.BigDecimal;
import java.sql.*;
import java.util.*;
import org.postgresql.*;
import org.postgresql.copy.*;

public class Jdbc {
  static void say(Object... what) { System.out.println(Arrays.deepToString(what)); System.out.flush(); }
  interface Work { Object run() throws Exception; }
  static void attempt(String label, Work work) throws Exception {
    try { say(label, work.run()); }
    catch (SQLException e) {
      var m = e instanceof org.postgresql.util.PSQLException p ? p.getServerErrorMessage() : null;
      say(label, e.getSQLState(), m == null ? e.getMessage() : m.toString());
      for (var next = e.getNextException(); next != null; next = next.getNextException()) say("  next", next.getSQLState(), next.getMessage());
    }
  }
  static Connection open(String more) throws SQLException {
    var e = System.getenv();
    return DriverManager.getConnection("jdbc:postgresql://" + e.get("PGHOST") + ":" + e.get("PGPORT") + "/" + e.get("PGDATABASE") + "?ApplicationName=peer" + more, e.get("PGUSER"), e.get("PGPASSWORD"));
  }
  static Object rows(ResultSet r) throws SQLException {
    var m = r.getMetaData();
    var all = new ArrayList<String>();
    for (int i = 1; i <= m.getColumnCount(); i++) all.add(m.getColumnLabel(i) + ":" + m.getColumnTypeName(i) + ":" + m.getPrecision(i) + ":" + m.getScale(i) + ":" + m.getTableName(i) + ":" + m.isNullable(i));
    while (r.next()) { var row = new StringBuilder(); for (int i = 1; i <= m.getColumnCount(); i++) { Object o = r.getObject(i); row.append(o instanceof byte[] b ? Arrays.toString(b) : String.valueOf(o)).append('|'); } all.add(row.toString()); }
    return all;
  }
  static void play(String mode) throws Exception {
    say("mode", mode);
    try (var db = open(mode)) {
      say(db.getMetaData().getDatabaseProductVersion(), db.getTransactionIsolation());
      try (var s = db.createStatement()) {
        s.execute("SET search_path = peer, public");
        s.execute("DROP TABLE IF EXISTS t");
        for (SQLWarning w = s.getWarnings(); w != null; w = w.getNextWarning()) say(w.getSQLState(), w.getMessage());
        s.execute("CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2), at timestamptz, d date, tags text[], doc jsonb, raw bytea, who uuid, f float8, ok boolean, big int8)");
        say(s.execute("SELECT 1; SELECT 2"), rows(s.getResultSet()), s.getMoreResults(), rows(s.getResultSet()));
      }
      try (var p = db.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?::text[], ?::jsonb, decode(?, 'hex'), ?, ?, ?, ?)")) {
        for (int i = 1; i <= 30; i++) {
          p.setInt(1, i); p.setString(2, "Žofie ' " + i); p.setBigDecimal(3, new BigDecimal("12.30")); p.setTimestamp(4, new Timestamp(1767323045678L)); p.setDate(5, java.sql.Date.valueOf("2026-01-02"));
          p.setString(6, "{a,NULL,\"b c\"}"); p.setString(7, "{\"k\": [1, null]}"); p.setString(8, "00ff"); p.setObject(9, new UUID(0, i)); p.setDouble(10, 1.5 * i); p.setBoolean(11, i % 2 == 0);
          if (i % 3 == 0) p.setNull(12, Types.BIGINT); else p.setLong(12, 1L << 40);
          if (i < 4) say(p.executeUpdate()); else p.addBatch();
        }
        say(p.executeBatch());
      }
      for (int i = 0; i < 9; i++) try (var p = db.prepareStatement("SELECT * FROM t WHERE id = ?")) { p.setInt(1, i); say(rows(p.executeQuery())); }
      try (var p = db.prepareStatement("SELECT * FROM t WHERE id = ?")) { ((PGStatement) p).setPrepareThreshold(1); for (int i = 1; i < 4; i++) { p.setInt(1, i); say(rows(p.executeQuery())); } say(p.getParameterMetaData().getParameterTypeName(1), p.getMetaData().getColumnCount()); }
      for (String sql : List.of("INSERT INTO t (id, name) VALUES (1, 'x')", "INSERT INTO t (id, name) VALUES (100, NULL)", "SELEKT 1", "SELECT nothing FROM t", "SELECT 1/0", "SELECT 'a'::int")) {
        attempt(sql, () -> { try (var s = db.createStatement()) { return s.execute(sql); } });
        attempt(sql, () -> { try (var s = db.prepareStatement(sql)) { return s.execute(); } });
      }
      attempt("array", () -> { try (var p = db.prepareStatement("SELECT ?::text[] AS a, ?::int[] AS b")) { p.setArray(1, db.createArrayOf("text", new Object[] {"a", null, "b\"c"})); p.setArray(2, db.createArrayOf("int4", new Object[] {1, 2})); return rows(p.executeQuery()); } });
      db.setAutoCommit(false);
      attempt("batch", () -> { try (var s = db.createStatement()) { s.addBatch("UPDATE t SET price = 1 WHERE id = 1"); s.addBatch("SELECT 1/0"); s.addBatch("UPDATE t SET price = 2 WHERE id = 1"); return s.executeBatch(); } });
      attempt("after", () -> { try (var s = db.createStatement()) { return s.execute("SELECT 1"); } });
      db.rollback();
      try (var s = db.createStatement()) {
        var point = db.setSavepoint("s"); s.executeUpdate("UPDATE t SET price = 5"); attempt("inner", () -> s.execute("SELECT 1/0")); db.rollback(point); say(rows(s.executeQuery("SELECT sum(price) FROM t")));
        s.setFetchSize(7);
        try (var r = s.executeQuery("SELECT id FROM t ORDER BY id")) { int n = 0; while (r.next()) n += r.getInt(1); say(n); }
        try (var r = s.executeQuery("SELECT id FROM t ORDER BY id")) { r.next(); r.next(); say(r.getInt(1)); }
      }
      try (var s = db.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE); var r = s.executeQuery("SELECT id, name FROM t ORDER BY id")) {
        r.last(); say(r.getRow()); r.absolute(2); r.updateString("name", "changed"); r.updateRow(); r.refreshRow(); say(r.getString(2)); r.moveToInsertRow(); r.updateInt(1, 500); r.updateString(2, "made"); r.insertRow();
      }
      try (var p = db.prepareStatement("INSERT INTO t (id, name) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) { p.setInt(1, 600); p.setString(2, "keyed"); say(p.executeUpdate()); say(rows(p.getGeneratedKeys())); }
      try (var s = db.createStatement()) { s.execute("DECLARE c CURSOR FOR SELECT id FROM t ORDER BY id"); say(rows(s.executeQuery("FETCH 2 FROM c"))); s.execute("CLOSE c"); }
      db.commit();
      db.setAutoCommit(true);
      var copy = db.unwrap(PGConnection.class).getCopyAPI();
      var out = new StringWriter();
      say(copy.copyOut("COPY (SELECT id, name, price FROM t ORDER BY id LIMIT 3) TO STDOUT (FORMAT csv, HEADER)", out), out);
      say(copy.copyIn("COPY t (id, name) FROM STDIN", new StringReader("1000\tone\n1001\ttwo\n")));
      attempt("bad copy", () -> copy.copyIn("COPY t (id, name) FROM STDIN", new StringReader("x\ty\n")));
      var in = copy.copyIn("COPY t (id, name) FROM STDIN"); in.writeToCopy("1002\tz\n".getBytes(), 0, 7); in.cancelCopy();
      var binary = new ByteArrayOutputStream(); copy.copyOut("COPY (SELECT id, name FROM t ORDER BY id LIMIT 3) TO STDOUT (FORMAT binary)", binary); say(binary.toByteArray());
      try (var s = db.createStatement()) {
        s.execute("DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful'; END $$");
        for (SQLWarning w = s.getWarnings(); w != null; w = w.getNextWarning()) say(w.getSQLState(), w.getMessage());
        s.execute("LISTEN peer_news"); s.execute("NOTIFY peer_news, 'first'");
        for (var n : db.unwrap(PGConnection.class).getNotifications(1000)) say(n.getName(), n.getParameter());
        s.setQueryTimeout(1);
        attempt("timeout", () -> s.execute("SELECT pg_sleep(20)"));
        s.setQueryTimeout(0);
        var timer = new Thread(() -> { try { Thread.sleep(300); s.cancel(); } catch (Exception e) { say(e.toString()); } });
        timer.start();
        attempt("cancelled", () -> s.execute("SELECT pg_sleep(20)"));
        timer.join();
        say(rows(s.executeQuery("SELECT 1")));
      }
      var meta = db.getMetaData();
      for (var r : List.of(meta.getTables(null, "peer", "%", null), meta.getColumns(null, "peer", "t", "%"), meta.getPrimaryKeys(null, "peer", "t"), meta.getIndexInfo(null, "peer", "t", false, false), meta.getSchemas())) say(rows(r));
      db.setReadOnly(true); attempt("read only", () -> { try (var s = db.createStatement()) { return s.execute("DELETE FROM t"); } }); db.setReadOnly(false);
      db.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE); say(db.getTransactionIsolation(), db.isValid(2), db.getSchema());
      attempt("function call protocol", () -> { var large = db.unwrap(PGConnection.class).getLargeObjectAPI(); return large == null; });
    }
  }
  public static void main(String[] args) throws Exception {
    for (var mode : List.of("", "&preferQueryMode=simple", "&prepareThreshold=1&binaryTransfer=true", "&preferQueryMode=extendedCacheEverything&reWriteBatchedInserts=true&prepareThreshold=-1")) play(mode);
  }
}
