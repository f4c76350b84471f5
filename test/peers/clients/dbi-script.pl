# What DBD::Pg sees, as a transcript. Connects as libpq's environment says; the schema `peer` is empty.
use strict;
use warnings;
use DBI;
use DBD::Pg qw(:pg_types :async);
$| = 1;
binmode STDOUT, ':encoding(UTF-8)';

sub cell { my $v = shift; return !defined $v ? 'NULL' : ref $v eq 'ARRAY' ? '[' . join(',', map { cell($_) } @$v) . ']' : "'$v'" }
sub say_ { print join(' ', map { cell($_) } @_), "\n" }
my $dbh = DBI->connect('dbi:Pg:', '', '', { RaiseError => 0, PrintError => 0, PrintWarn => 0, AutoCommit => 1, pg_enable_utf8 => 1 }) or die $DBI::errstr;
local $SIG{__WARN__} = sub { print 'WARN ', @_ };
sub failed { say_($dbh->state, $dbh->errstr) }

say_($dbh->{pg_server_version}, $dbh->{pg_standard_conforming_strings});
$dbh->do('SET search_path = peer, public');
$dbh->do('CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2), raw bytea, tags text[], ok boolean)') or failed();
my $put = $dbh->prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)');
$put->bind_param(4, undef, { pg_type => PG_BYTEA });
for my $i (1 .. 12) { say_($put->execute($i, "n$i \x{17e}", $i * 1.5, "\x00\xff", [ 'a', undef, 'b"c' ], $i % 2)) }
my $get = $dbh->prepare('SELECT * FROM t WHERE id > $1 ORDER BY id LIMIT $2');
for my $n (0, 3) { $get->execute($n, 2); say_(@{ $get->{NAME} }, @{ $get->{TYPE} }, $get->rows); say_(@$_) for @{ $get->fetchall_arrayref } }
for my $sql ("INSERT INTO t (id, name) VALUES (1, 'x')", 'SELEKT 1', 'SELECT nothing FROM t', 'SELECT 1/0', "SELECT 'a'::int") {
  $dbh->do($sql) or failed();
  $dbh->do($sql, {}, ()) or failed();
  my $s = $dbh->prepare($sql); $s->execute or say_($s->state, $s->errstr);
}
$dbh->begin_work; $dbh->do('UPDATE t SET price = 0'); $dbh->pg_savepoint('s'); $dbh->do('SELECT 1/0') or failed(); say_($dbh->ping);
$dbh->pg_rollback_to('s'); say_($dbh->selectrow_array('SELECT sum(price) FROM t')); $dbh->rollback;
say_($dbh->selectrow_array('SELECT sum(price) FROM t'));
$dbh->do('COPY t (id, name) FROM STDIN');
$dbh->pg_putcopydata("$_\tcopied $_\n") for 100 .. 400;
say_($dbh->pg_putcopyend, $dbh->selectrow_array('SELECT count(*) FROM t'));
$dbh->do('COPY (SELECT id, name, tags FROM t ORDER BY id LIMIT 5) TO STDOUT');
my $line = ''; while ($dbh->pg_getcopydata($line) >= 0) { print $line }
$dbh->do('DECLARE c CURSOR WITH HOLD FOR SELECT id FROM t ORDER BY id'); say_(map { $_->[0] } @{ $dbh->selectall_arrayref('FETCH 4 FROM c') }); $dbh->do('CLOSE c');
$dbh->do("DO \$\$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful'; END \$\$");
$dbh->do('LISTEN peer_news'); $dbh->do("NOTIFY peer_news, 'first'"); my $n = $dbh->pg_notifies; say_($n->[0], $n->[2]);
my $slow = $dbh->prepare('SELECT pg_sleep(20)', { pg_async => PG_ASYNC }); $slow->execute; select undef, undef, undef, 0.3; say_($dbh->pg_cancel); 
say_($dbh->selectrow_array('SELECT 1'));
say_($_->[2], $_->[3]) for @{ $dbh->table_info('', 'peer', '%', 'TABLE')->fetchall_arrayref };
say_(@$_[3, 5, 6, 10]) for @{ $dbh->column_info('', 'peer', 't', '%')->fetchall_arrayref };
say_(@$_[2, 3]) for @{ $dbh->primary_key_info('', 'peer', 't')->fetchall_arrayref };
$dbh->disconnect;
