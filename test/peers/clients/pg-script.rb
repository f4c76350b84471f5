# What ruby-pg sees, as a transcript. Connects as libpq's environment says; the schema `peer` is empty.
require 'pg'
$stdout.sync = true
def say(*what) = puts(what.map(&:inspect).join(' '))
def attempt(label)
  say label, yield
rescue PG::Error => e
  say label, e.class, e.message, *[PG::PG_DIAG_SQLSTATE, PG::PG_DIAG_MESSAGE_DETAIL, PG::PG_DIAG_STATEMENT_POSITION, PG::PG_DIAG_CONSTRAINT_NAME].map { |f| e.result&.error_field(f) }
end
db = PG.connect
heard = []
db.set_notice_processor { |text| heard << text }
say db.server_version, db.transaction_status
db.exec 'SET search_path = peer, public'
db.exec 'CREATE TABLE t (id int PRIMARY KEY, name text, price numeric(10,2), raw bytea)'
r = db.exec_params 'INSERT INTO t VALUES ($1, $2, $3, $4) RETURNING *', [1, "Žofie '", '12.30', { value: "\x00\xff".b, format: 1 }]
say r.to_a, r.fields, r.cmd_status, (0..3).map { |i| [r.ftype(i), r.fmod(i), r.fformat(i), r.ftablecol(i)] }
say db.exec_params('SELECT id, raw, name FROM t WHERE id = $1', [{ value: [1].pack('N'), type: 23, format: 1 }], 1).values
db.prepare 'get', 'SELECT * FROM t WHERE id = $1'
d = db.describe_prepared 'get'
say d.nparams, d.paramtype(0), d.fields
3.times { |i| say db.exec_prepared('get', [i]).to_a }
["INSERT INTO t VALUES (1, 'x')", 'SELEKT 1', 'SELECT nothing FROM t', 'SELECT 1/0'].each { |sql| attempt(sql) { db.exec sql }; attempt(sql) { db.exec_params sql, [] } }
attempt('rolled back') { db.transaction { db.exec 'DELETE FROM t'; db.exec 'SELECT 1/0' } }
say db.exec('SELECT count(*) FROM t').values
say(db.copy_data('COPY t (id, name) FROM STDIN') { (10..500).each { |i| db.put_copy_data "#{i}\tcopied #{i}\n" } }.cmd_status)
lines = []
db.copy_data('COPY (SELECT id, name FROM t ORDER BY id LIMIT 4) TO STDOUT (FORMAT csv)') { while (line = db.get_copy_data) do lines << line end }
say lines
attempt('broken copy') { db.copy_data('COPY t (id, name) FROM STDIN') { db.put_copy_data "x\ty\n" } }
attempt('given up') { db.copy_data('COPY t (id, name) FROM STDIN') { db.put_copy_data "900\ty\n"; raise PG::Error, 'the source broke' } }
db.discard_results
db.send_query 'SELECT id FROM t ORDER BY id LIMIT 5'
db.set_single_row_mode
while (r = db.get_result) do say r.result_status, r.values end
db.send_query 'SELECT 1; SELECT 2; SELECT 1/0; SELECT 3'
while (r = db.get_result) do say r.result_status, r.values, r.error_message end
if db.respond_to?(:enter_pipeline_mode)
  db.enter_pipeline_mode
  db.send_query_params 'SELECT $1::int', [1]
  db.send_query_params 'SELECT 1/$1::int', [0]
  db.send_query_params 'SELECT $1::int', [2]
  db.pipeline_sync
  db.send_query_params 'SELECT $1::int', [3]
  db.pipeline_sync
  seen = 0
  while seen < 2
    r = db.get_result
    next if r.nil?
    seen += 1 if r.result_status == PG::PGRES_PIPELINE_SYNC
    say r.res_status(r.result_status), r.values, r.error_message
  end
  db.exit_pipeline_mode
end
db.exec "DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful'; END $$"
say heard
db.exec 'LISTEN peer_news'; db.exec "NOTIFY peer_news, 'first'"
db.wait_for_notify(3) { |channel, _pid, payload| say channel, payload }
db.send_query 'SELECT pg_sleep(20)'; sleep 0.3; say db.cancel
attempt('cancelled') { db.get_last_result }
say db.exec('SELECT 1').values
db.close
