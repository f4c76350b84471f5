<?php
// What PHP's pgsql and PDO see, as a transcript. Connects as libpq's environment says; the schema `peer` is empty.
function say(...$what): void { echo json_encode($what, JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR), "\n"; }
set_error_handler(function ($no, $text) { say('php', $text); return true; });
$db = pg_connect('');
say(pg_parameter_status($db, 'server_encoding'), pg_transaction_status($db));
pg_query($db, 'SET search_path = peer, public');
pg_query($db, 'CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2), raw bytea)');
$r = pg_query_params($db, 'INSERT INTO t VALUES ($1, $2, $3, $4) RETURNING *', [1, "Žofie '", '12.30', pg_escape_bytea($db, "\x00\xff")]);
say(pg_fetch_all($r), pg_field_type($r, 2), pg_num_rows($r), pg_affected_rows($r), pg_result_status($r, PGSQL_STATUS_STRING));
pg_prepare($db, 'get', 'SELECT * FROM t WHERE id = $1');
for ($i = 0; $i < 3; $i++) say(pg_fetch_all(pg_execute($db, 'get', [$i])));
say(pg_copy_from($db, 't', ["10\tten\t1\t\\N\n", "11\televen\t\\N\t\\N\n"]), pg_copy_to($db, 't'));
foreach (["INSERT INTO t (id, name) VALUES (1, 'x')", 'SELEKT 1', 'SELECT nothing FROM t', 'SELECT 1/0'] as $sql) {
  say(pg_query($db, $sql), pg_last_error($db));
  pg_send_query($db, $sql); $r = pg_get_result($db);
  foreach ([PGSQL_DIAG_SEVERITY, PGSQL_DIAG_SQLSTATE, PGSQL_DIAG_MESSAGE_PRIMARY, PGSQL_DIAG_MESSAGE_DETAIL, PGSQL_DIAG_STATEMENT_POSITION] as $f) say(pg_result_error_field($r, $f));
  pg_get_result($db);
}
pg_send_query($db, 'SELECT 1; SELECT 2; SELECT 1/0; SELECT 3');
while ($r = pg_get_result($db)) say(pg_fetch_all($r), pg_result_error($r));
pg_query($db, "DO \$\$ BEGIN RAISE NOTICE 'hello'; END \$\$"); say(pg_last_notice($db));
pg_query($db, 'LISTEN peer_news'); pg_query($db, "NOTIFY peer_news, 'first'"); $n = pg_get_notify($db, PGSQL_ASSOC); say($n['message'] ?? null, $n['payload'] ?? null);
pg_send_query($db, 'SELECT pg_sleep(20)'); usleep(300000); say(pg_cancel_query($db)); say(pg_fetch_all(pg_query($db, 'SELECT 1 AS fine')));
say(pg_insert($db, 't', ['id' => 20, 'name' => 'inserted']), pg_select($db, 't', ['id' => 20]), pg_update($db, 't', ['name' => 'new'], ['id' => 20]), pg_delete($db, 't', ['id' => 20]), array_keys(pg_meta_data($db, 't')));
pg_close($db);
$pdo = new PDO('pgsql:host=' . getenv('PGHOST') . ';port=' . getenv('PGPORT') . ';dbname=' . getenv('PGDATABASE'), getenv('PGUSER'), getenv('PGPASSWORD'));
foreach ([false, true] as $emulated) {
  $pdo->setAttribute(PDO::ATTR_EMULATE_PREPARES, $emulated);
  $s = $pdo->prepare('SELECT id, name, :x AS x FROM peer.t WHERE id > :low ORDER BY id'); $s->execute(['low' => 0, 'x' => 'ž']); say($s->fetchAll(PDO::FETCH_ASSOC), $s->rowCount());
  $meta = $s->getColumnMeta(1); say($meta['name'], $meta['native_type'], $meta['len'], $meta['table'] ?? null);
  try { $pdo->prepare('SELECT 1/:z::int')->execute(['z' => 0]); } catch (PDOException $e) { say($e->errorInfo); }
}
$pdo->beginTransaction(); $pdo->exec('DELETE FROM peer.t'); $pdo->rollBack(); say($pdo->query('SELECT count(*) FROM peer.t')->fetchColumn());
say($pdo->pgsqlCopyToArray('peer.t'), $pdo->pgsqlCopyFromArray('peer.t', ["30\tthirty\t\\N\t\\N"]));
$c = $pdo->prepare('SELECT id FROM peer.t ORDER BY id', [PDO::ATTR_CURSOR => PDO::CURSOR_SCROLL]); $pdo->beginTransaction(); $c->execute(); say($c->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_LAST), $c->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_FIRST)); $pdo->commit();
