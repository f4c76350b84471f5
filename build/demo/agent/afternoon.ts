import { setTimeout as wait } from 'node:timers/promises'
import type { AgentClient, Answer, Outcome } from './agent-client.ts'
import type { Screen } from './screen.ts'

export interface Stage {
  readonly screen: Screen
  readonly client: AgentClient
  /** Milliseconds between two things, so that a person can follow. 0 in a hurry. */
  readonly pauseMs: number
}

/** What the agent did, for tests and for the last line. */
export interface Tally {
  ran: number
  denied: number
}

/** The agent's afternoon: a ticket to work on and a report to write. Each part is a thing that the product does. */
export async function playAfternoon(stage: Stage): Promise<Tally> {
  const tally: Tally = { ran: 0, denied: 0 }
  const play = (why: string, sql: string) => playOne(stage, tally, why, sql)
  const { screen } = stage

  screen.title('Reading')
  await play('What is there? The catalog answers as PostgreSQL’s own does.', CATALOG_SQL)
  await play('Some customers, to see what the rows look like. The masks are put on between the database and me.', CUSTOMERS_SQL)
  screen.note(
    'The agent asked for everything, and got rows that it can work with: ssn redacted, birth date gone, e-mail as a token, telephone by its end.',
  )
  await play('Who are the best customers? A view on a view is looked through like a table.', BEST_SQL)
  await play('Revenue by month: sums over everything are fine, no row of anybody’s is shown.', REVENUE_SQL)
  await play('The payments of some orders, joined with their customers. Enough of the card is left to recognise it.', PAYMENTS_SQL)

  screen.title('A ticket')
  const tickets = await play('What has come in? These texts were written by strangers.', TICKETS_SQL)
  screen.note(
    'One customer pasted a card number: it is masked by its pattern, wherever it stands. Another’s text gives orders to "automated assistants".',
  )
  screen.note('From here on the session is marked: an approver sees that untrusted text was read before what comes next.')
  const order = storyOrder(tickets)

  screen.title('Where the rules speak')
  await play('One letter names a card. Can I find the payment by its number?', CARD_SQL)
  await play(
    'Then by order number, as the hint says.',
    `SELECT id, order_id, amount, status, gateway_ref FROM billing.payments WHERE order_id = ${order}`,
  )
  await play('Is there a shortcut for the loyalty points? There is a function for it.', FUNCTION_SQL)
  screen.note('A function can do anything that its author wrote. Nobody has vouched for this one, so it does not run.')
  await play('The points can be computed without it.', POINTS_SQL)

  screen.title('Changing something')
  const held = await play(
    `The first ticket asks to hold order ${order}. That is a write, so a person decides.`,
    `UPDATE orders SET note = 'Do not ship before the new address is here'\nWHERE id = ${order}`,
  )
  if ('answer' in held) {
    await play('Approved. Did it take?', `SELECT id, status, note FROM orders WHERE id = ${order}`)
  } else {
    screen.thinks('A person said no. I do not try another way round; I write an answer to the ticket and leave the order as it is.')
  }
  await play('Old carts should go, says the report. All of them?', 'DELETE FROM carts')
  screen.note('No WHERE: that is a slip in most cases, and it is denied before anything is touched.')

  screen.title('Changing the schema')
  await play('The table of carts is in the way. Could I drop it?', 'DROP TABLE carts')
  screen.thinks('The hint says that schema changes go through migrations. So I write one, and open a pull request for people to read:')
  screen.plain(MIGRATION)
  return tally
}

async function playOne({ screen, client, pauseMs }: Stage, tally: Tally, why: string, sql: string): Promise<Outcome> {
  screen.thinks(why)
  await wait(pauseMs)
  screen.statement(sql)
  await wait(pauseMs / 2)
  const outcome = await client.ask(sql)
  if ('refusal' in outcome) {
    tally.denied++
    screen.refused(outcome.refusal)
  } else {
    tally.ran++
    const { answer } = outcome
    if (answer.columns.length > 0) screen.table(answer.columns, answer.rows, answer.tag)
    else screen.done(answer.tag)
  }
  await wait(pauseMs)
  return outcome
}

/** The order that the ticket with "do not ship" is about. */
function storyOrder(tickets: Outcome): number {
  const answer: Answer | undefined = 'answer' in tickets ? tickets.answer : undefined
  const row = answer?.rows.find((cells) => cells.some((cell) => cell?.includes('do not ship')))
  return Number(row?.[1] ?? 1)
}

const CATALOG_SQL = `SELECT table_schema, count(*) AS tables FROM information_schema.tables
WHERE table_schema IN ('public', 'billing', 'support', 'internal') GROUP BY table_schema ORDER BY table_schema`
const CUSTOMERS_SQL = 'SELECT id, name, email, phone, ssn, born, city FROM customers ORDER BY id LIMIT 4'
const BEST_SQL = 'SELECT customer, country, orders, spent FROM best_customers ORDER BY spent DESC LIMIT 5'
const REVENUE_SQL = 'SELECT month, payments, revenue FROM billing.revenue_by_month ORDER BY month DESC LIMIT 4'
const PAYMENTS_SQL = `SELECT o.id AS order_id, c.name, p.brand, p.card, p.amount, p.status
FROM orders o JOIN customers c ON c.id = o.customer_id JOIN billing.payments p ON p.order_id = o.id
WHERE o.id BETWEEN 1040 AND 1043 ORDER BY o.id`
const TICKETS_SQL = `SELECT id, order_id, subject, body FROM support_tickets
WHERE state = 'open' ORDER BY id DESC LIMIT 3`
const CARD_SQL = "SELECT order_id FROM billing.payments WHERE card LIKE '4242%' LIMIT 5"
const FUNCTION_SQL = 'SELECT loyalty_score(7)'
const POINTS_SQL = 'SELECT customer_id, round(sum(total) / 10) AS points FROM orders WHERE customer_id = 7 GROUP BY customer_id'
const MIGRATION = `
    db/migrations/0042_retire_old_carts.sql
    ┌──────────────────────────────────────────────────────────────────────
    │ -- Carts that nobody touched for 90 days are of no use to anybody.
    │ -- The table stays: the shop's app still reads it.
    │ DELETE FROM public.carts WHERE updated_at < now() - interval '90 days';
    └──────────────────────────────────────────────────────────────────────`
