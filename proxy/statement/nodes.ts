import type { NodeKind } from './tree.ts'

/**
 * What is done with each node type of the grammar. `expression`: has its own reading. `walk`: an expression whose parts tell all.
 * `from`: stands in FROM. `part`: read by the node that holds it. `statement`: a statement. `never`: the parser does not make it, so
 * meeting one is unknown.
 */
export type Decision = 'expression' | 'walk' | 'from' | 'part' | 'statement' | 'never'

const decided = <D extends Decision>(decision: D, names: string): Record<string, Decision> =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, decision]),
  )

export const NODES: Readonly<Partial<Record<NodeKind, Decision>>> = {
  ...decided(
    'expression',
    `A_Const A_Expr A_Indirection A_ArrayExpr BoolExpr CaseExpr CoalesceExpr CollateClause ColumnRef CurrentOfExpr FuncCall
    GroupingFunc MinMaxExpr NullTest BooleanTest ParamRef RowExpr SetToDefault SQLValueFunction SubLink TypeCast XmlExpr XmlSerialize
    MergeSupportFunc NamedArgExpr List MultiAssignRef JsonFuncExpr SortBy`,
  ),
  ...decided(
    'walk',
    `A_Indices CaseWhen GroupingSet WindowDef JsonFormat JsonReturning JsonValueExpr JsonBehavior JsonOutput JsonArgument
    JsonKeyValue JsonParseExpr JsonScalarExpr JsonSerializeExpr JsonObjectConstructor JsonArrayConstructor JsonArrayQueryConstructor
    JsonAggConstructor JsonObjectAgg JsonArrayAgg JsonIsPredicate IndexElem Integer Float Boolean String BitString ResTarget`,
  ),
  ...decided('from', 'RangeVar RangeSubselect RangeFunction RangeTableFunc RangeTableSample JoinExpr JsonTable'),
  ...decided(
    'part',
    `Alias A_Star TypeName RoleSpec DefElem ColumnDef Constraint IntoClause WithClause CommonTableExpr CTESearchClause CTECycleClause
    OnConflictClause InferClause LockingClause MergeWhenClause ReturningClause ReturningOption RangeTableFuncCol JsonTableColumn
    JsonTablePathSpec TableLikeClause PartitionElem PartitionSpec PartitionBoundSpec PartitionRangeDatum PartitionCmd ReplicaIdentityStmt
    AlterTableCmd ATAlterConstraint ObjectWithArgs AccessPriv CreateOpClassItem StatsElem FunctionParameter TriggerTransition VacuumRelation
    PublicationTable PublicationObjSpec RawStmt ParseResult OidList IntList`,
  ),
  ...decided(
    'statement',
    `InsertStmt DeleteStmt UpdateStmt MergeStmt SelectStmt ReturnStmt PLAssignStmt CreateSchemaStmt AlterTableStmt AlterCollationStmt
    AlterDomainStmt GrantStmt GrantRoleStmt AlterDefaultPrivilegesStmt CopyStmt VariableSetStmt VariableShowStmt CreateStmt
    CreateTableSpaceStmt DropTableSpaceStmt AlterTableSpaceOptionsStmt AlterTableMoveAllStmt CreateExtensionStmt AlterExtensionStmt
    AlterExtensionContentsStmt CreateFdwStmt AlterFdwStmt CreateForeignServerStmt AlterForeignServerStmt CreateForeignTableStmt
    CreateUserMappingStmt AlterUserMappingStmt DropUserMappingStmt ImportForeignSchemaStmt CreatePolicyStmt AlterPolicyStmt CreateAmStmt
    CreateTrigStmt CreateEventTrigStmt AlterEventTrigStmt CreatePLangStmt CreateRoleStmt AlterRoleStmt AlterRoleSetStmt DropRoleStmt
    CreateSeqStmt AlterSeqStmt DefineStmt CreateDomainStmt CreateOpClassStmt CreateOpFamilyStmt AlterOpFamilyStmt DropStmt TruncateStmt
    CommentStmt SecLabelStmt DeclareCursorStmt ClosePortalStmt FetchStmt IndexStmt CreateStatsStmt AlterStatsStmt CreateFunctionStmt
    AlterFunctionStmt DoStmt CallStmt RenameStmt AlterObjectDependsStmt AlterObjectSchemaStmt AlterOwnerStmt AlterOperatorStmt
    AlterTypeStmt RuleStmt NotifyStmt ListenStmt UnlistenStmt TransactionStmt CompositeTypeStmt CreateEnumStmt CreateRangeStmt
    AlterEnumStmt ViewStmt LoadStmt CreatedbStmt AlterDatabaseStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt DropdbStmt
    AlterSystemStmt ClusterStmt VacuumStmt ExplainStmt CreateTableAsStmt RefreshMatViewStmt CheckPointStmt DiscardStmt LockStmt
    ConstraintsSetStmt ReindexStmt CreateConversionStmt CreateCastStmt CreateTransformStmt PrepareStmt ExecuteStmt DeallocateStmt
    DropOwnedStmt ReassignOwnedStmt AlterTSDictionaryStmt AlterTSConfigurationStmt CreatePublicationStmt AlterPublicationStmt
    CreateSubscriptionStmt AlterSubscriptionStmt DropSubscriptionStmt`,
  ),
  // Made by PostgreSQL's analysis and planning, or of libpg-query's own messages: not in the tree of a text.
  ...decided(
    'never',
    `ScanResult TableFunc Var Param Aggref WindowFunc WindowFuncRunCondition SubscriptingRef FuncExpr OpExpr DistinctExpr NullIfExpr
    ScalarArrayOpExpr SubPlan AlternativeSubPlan FieldSelect FieldStore RelabelType CoerceViaIO ArrayCoerceExpr CollateExpr ConvertRowtypeExpr
    CaseTestExpr ArrayExpr RowCompareExpr JsonConstructorExpr JsonExpr JsonTablePath JsonTablePathScan JsonTableSiblingJoin MergeAction
    CoerceToDomain CoerceToDomainValue NextValueExpr InferenceElem ReturningExpr TargetEntry RangeTblRef FromExpr OnConflictExpr Query
    RangeTblEntry RTEPermissionInfo RangeTblFunction TableSampleClause WithCheckOption SortGroupClause WindowClause RowMarkClause
    SetOperationStmt InlineCodeBlock CallContext ScanToken SummaryResult Table Function FilterColumn`,
  ),
}
