/**
 * Commands that need no closer look than their kind: the verb, the words for people, and whether the catalog changes. A kind that is
 * neither here nor read by itself is unknown.
 */
import type { Node } from '@pgsql/types'
import type { Verb } from './facts.ts'
import { as, type NodeKind } from './tree.ts'

export interface Command {
  readonly kind: string
  readonly verb: Verb
  /** Completes "KIND …". */
  readonly what: string
}

const SCHEMA = 'is a schema change'
const PRIVILEGE = 'changes who may do what'
const SERVER = 'is administration of the server'
const REPLICATION = 'changes replication'

const rows = (verb: Verb, what: string, commands: Partial<Record<NodeKind, string>>): [NodeKind, Command][] =>
  (Object.entries(commands) as [NodeKind, string][]).map(([node, kind]) => [node, { kind, verb, what }])

export const COMMANDS: ReadonlyMap<NodeKind, Command> = new Map([
  ...rows('ddl', SCHEMA, {
    CreateSchemaStmt: 'CREATE SCHEMA',
    AlterTableStmt: 'ALTER TABLE',
    AlterCollationStmt: 'ALTER COLLATION',
    AlterDomainStmt: 'ALTER DOMAIN',
    CreateStmt: 'CREATE TABLE',
    CreateForeignTableStmt: 'CREATE FOREIGN TABLE',
    CreatePolicyStmt: 'CREATE POLICY',
    AlterPolicyStmt: 'ALTER POLICY',
    CreateAmStmt: 'CREATE ACCESS METHOD',
    CreateTrigStmt: 'CREATE TRIGGER',
    CreateEventTrigStmt: 'CREATE EVENT TRIGGER',
    AlterEventTrigStmt: 'ALTER EVENT TRIGGER',
    CreatePLangStmt: 'CREATE LANGUAGE',
    CreateSeqStmt: 'CREATE SEQUENCE',
    AlterSeqStmt: 'ALTER SEQUENCE',
    DefineStmt: 'CREATE',
    CreateDomainStmt: 'CREATE DOMAIN',
    CreateOpClassStmt: 'CREATE OPERATOR CLASS',
    CreateOpFamilyStmt: 'CREATE OPERATOR FAMILY',
    AlterOpFamilyStmt: 'ALTER OPERATOR FAMILY',
    DropStmt: 'DROP',
    CommentStmt: 'COMMENT',
    IndexStmt: 'CREATE INDEX',
    CreateStatsStmt: 'CREATE STATISTICS',
    AlterStatsStmt: 'ALTER STATISTICS',
    CreateFunctionStmt: 'CREATE FUNCTION',
    AlterFunctionStmt: 'ALTER FUNCTION',
    RenameStmt: 'ALTER … RENAME',
    AlterObjectDependsStmt: 'ALTER … DEPENDS ON',
    AlterObjectSchemaStmt: 'ALTER … SET SCHEMA',
    AlterOperatorStmt: 'ALTER OPERATOR',
    AlterTypeStmt: 'ALTER TYPE',
    RuleStmt: 'CREATE RULE',
    CompositeTypeStmt: 'CREATE TYPE',
    CreateEnumStmt: 'CREATE TYPE',
    CreateRangeStmt: 'CREATE TYPE',
    AlterEnumStmt: 'ALTER TYPE',
    ViewStmt: 'CREATE VIEW',
    RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',
    CreateConversionStmt: 'CREATE CONVERSION',
    CreateCastStmt: 'CREATE CAST',
    CreateTransformStmt: 'CREATE TRANSFORM',
    AlterTSDictionaryStmt: 'ALTER TEXT SEARCH DICTIONARY',
    AlterTSConfigurationStmt: 'ALTER TEXT SEARCH CONFIGURATION',
    DropOwnedStmt: 'DROP OWNED',
    ReindexStmt: 'REINDEX',
    ClusterStmt: 'CLUSTER',
  }),
  ...rows('privilege', PRIVILEGE, {
    GrantStmt: 'GRANT',
    GrantRoleStmt: 'GRANT',
    AlterDefaultPrivilegesStmt: 'ALTER DEFAULT PRIVILEGES',
    CreateRoleStmt: 'CREATE ROLE',
    AlterRoleStmt: 'ALTER ROLE',
    AlterRoleSetStmt: 'ALTER ROLE SET',
    DropRoleStmt: 'DROP ROLE',
    AlterOwnerStmt: 'ALTER … OWNER',
    ReassignOwnedStmt: 'REASSIGN OWNED',
    SecLabelStmt: 'SECURITY LABEL',
  }),
  ...rows('admin', SERVER, {
    CreateTableSpaceStmt: 'CREATE TABLESPACE',
    DropTableSpaceStmt: 'DROP TABLESPACE',
    AlterTableSpaceOptionsStmt: 'ALTER TABLESPACE',
    AlterTableMoveAllStmt: 'ALTER TABLE ALL IN TABLESPACE',
    CreateExtensionStmt: 'CREATE EXTENSION',
    AlterExtensionStmt: 'ALTER EXTENSION',
    AlterExtensionContentsStmt: 'ALTER EXTENSION',
    CreateFdwStmt: 'CREATE FOREIGN DATA WRAPPER',
    AlterFdwStmt: 'ALTER FOREIGN DATA WRAPPER',
    CreateForeignServerStmt: 'CREATE SERVER',
    AlterForeignServerStmt: 'ALTER SERVER',
    CreateUserMappingStmt: 'CREATE USER MAPPING',
    AlterUserMappingStmt: 'ALTER USER MAPPING',
    DropUserMappingStmt: 'DROP USER MAPPING',
    ImportForeignSchemaStmt: 'IMPORT FOREIGN SCHEMA',
    LoadStmt: 'LOAD',
    CreatedbStmt: 'CREATE DATABASE',
    AlterDatabaseStmt: 'ALTER DATABASE',
    AlterDatabaseRefreshCollStmt: 'ALTER DATABASE',
    AlterDatabaseSetStmt: 'ALTER DATABASE SET',
    DropdbStmt: 'DROP DATABASE',
    AlterSystemStmt: 'ALTER SYSTEM',
    VacuumStmt: 'VACUUM',
    CheckPointStmt: 'CHECKPOINT',
  }),
  ...rows('admin', REPLICATION, {
    CreatePublicationStmt: 'CREATE PUBLICATION',
    AlterPublicationStmt: 'ALTER PUBLICATION',
    CreateSubscriptionStmt: 'CREATE SUBSCRIPTION',
    AlterSubscriptionStmt: 'ALTER SUBSCRIPTION',
    DropSubscriptionStmt: 'DROP SUBSCRIPTION',
  }),
])

interface ObjectVerb {
  readonly verb: Verb
  readonly what: string
}

/** Objects of the server rather than of a schema: DROP and RENAME of them are more than a schema change. */
const OBJECTS: ReadonlyMap<string, ObjectVerb> = new Map<string, ObjectVerb>([
  ...['OBJECT_EXTENSION', 'OBJECT_FDW', 'OBJECT_FOREIGN_SERVER', 'OBJECT_DATABASE', 'OBJECT_TABLESPACE'].map(
    (type): [string, ObjectVerb] => [type, { verb: 'admin', what: `changing such an object ${SERVER}` }],
  ),
  ...['OBJECT_PUBLICATION', 'OBJECT_SUBSCRIPTION'].map((type): [string, ObjectVerb] => [
    type,
    { verb: 'admin', what: `changing such an object ${REPLICATION}` },
  ]),
  ['OBJECT_ROLE', { verb: 'privilege', what: `changing such an object ${PRIVILEGE}` }],
])

/** What a command of a general kind does beyond it, by the object that it names or by what it changes; undefined for nothing. */
export function objectVerb(node: Node): ObjectVerb | undefined {
  const type = as(node, 'DropStmt')?.removeType ?? as(node, 'RenameStmt')?.renameType
  if (type !== undefined) return OBJECTS.get(type)
  const owner = as(node, 'AlterTableStmt')?.cmds?.some((one) => as(one, 'AlterTableCmd')?.subtype === 'AT_ChangeOwner')
  return owner === true ? { verb: 'privilege', what: `ALTER TABLE … OWNER ${PRIVILEGE}` } : undefined
}
