/**
 * Functions of well-known extensions. Where all of an extension's functions only compute on their arguments, the extension is named whole;
 * where some do more, the harmless ones are listed. Any other extension's function is unknown.
 */

export const HARMLESS_EXTENSIONS: ReadonlySet<string> = new Set([
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'earthdistance',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'ltree',
  'pg_trgm',
  'seg',
  'unaccent',
  'uuid-ossp',
  'vector',
])

export const HARMLESS_OF_EXTENSION: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'pgcrypto',
    new Set(['digest', 'hmac', 'crypt', 'gen_salt', 'gen_random_bytes', 'gen_random_uuid', 'armor', 'dearmor', 'encrypt', 'encrypt_iv']),
  ],
  ['tablefunc', new Set(['normal_rand'])],
  ['xml2', new Set(['xml_valid', 'xml_encode_special_chars', 'xpath_string', 'xpath_number', 'xpath_bool', 'xpath_list', 'xpath_nodeset'])],
  ['pg_stat_statements', new Set(['pg_stat_statements_info'])],
])
