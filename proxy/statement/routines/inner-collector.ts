import type { Collector } from '../collect.ts'

/**
 * Facts of code that stands inside another statement: they are reported where that statement is, nothing of it comes out in place, and the names that
 * it would give to prepared statements cannot be followed.
 */
export function innerCollector(outer: Collector, offset: number, where: string): Collector {
  const span = { offset, length: 0 }
  return {
    ...outer,
    verb: (verb, what) => outer.verb(verb, `${what} (${where})`, offset),
    relation: (relation, access, _span, via, verb, code) => outer.relation(relation, access, span, via, verb, code),
    column: (relation, attnum) => outer.column(relation, attnum, 'uses', span),
    fn: (name) => outer.fn(name, offset),
    unknown: (what, code, _offset, fn) => outer.unknown(`${what} (${where})`, code, offset, fn),
    carry: (one) => outer.carry({ ...one, ...span }),
    // Expressions are SELECTs here; what is read says so by its relations.
    reads: () => undefined,
    name: (use) => outer.unknown(`${use.kind.toUpperCase()} (${where})`, false, offset),
  }
}
