import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Activity } from '../../main/contract/index.ts'
import { activityQuery, DAY_STEP, startOfToday } from '../api/queries.ts'
import { Bone, Failing } from '../ui/parts/screen-state.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { minuteWords } from '../ui/time/words.ts'
import { countWords, nounWords } from '../ui/words.ts'
import { ActivityChart } from './activity-chart.tsx'
import { hoursOf } from './hours.ts'

/** What agents did today, hour by hour. */
export function AgentsToday() {
  const [from] = useState(startOfToday)
  const activity = useQuery(activityQuery(from, DAY_STEP))
  const { data } = activity
  const all = data ? totalOf(data) : undefined
  return (
    <section className="panel today" aria-label="Agents today">
      <header>
        <h2 className="panel-title fill">Agents today</h2>
        {all ? (
          <ul className="today-counts small">
            <li>
              <i className="swatch" /> <b>{countWords(all.allowed)}</b> allowed
            </li>
            <li>
              <VerdictMark outcome="held" size={14} quiet /> <b>{countWords(all.held)}</b> held
            </li>
            <li>
              <VerdictMark outcome="denied" size={14} quiet /> <b>{countWords(all.denied)}</b> denied
            </li>
            {data && data.masked > 0 ? (
              <li>
                <VerdictMark outcome="masked" size={14} quiet /> <b>{countWords(data.masked)}</b> with masked columns
              </li>
            ) : null}
          </ul>
        ) : null}
      </header>
      {activity.isPending ? (
        <div className="today-chart" aria-busy="true">
          <Bone height={200} />
        </div>
      ) : null}
      {activity.isError && !data ? <Failing what="What agents did" error={activity.error} retry={() => void activity.refetch()} /> : null}
      {data && all ? (
        all.statements === 0 ? (
          <p className="panel-none">
            No agent has run a statement today. <Link to="/connect">Connect one</Link>
          </p>
        ) : (
          <>
            <ActivityChart activity={data} />
            <table className="unseen">
              <caption>Statements by hour and verdict</caption>
              <thead>
                <tr>
                  <th scope="col">From</th>
                  <th scope="col">Statements</th>
                  <th scope="col">Held</th>
                  <th scope="col">Denied</th>
                </tr>
              </thead>
              <tbody>
                {hoursOf(data).map((hour) => (
                  <tr key={hour.at}>
                    <th scope="row">{minuteWords(hour.at)}</th>
                    <td>{nounWords(hour.statements, 'statement')}</td>
                    <td>{hour.held}</td>
                    <td>{hour.denied}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )
      ) : null}
    </section>
  )
}

function totalOf(activity: Activity) {
  const total = { statements: 0, allowed: 0, held: 0, denied: 0 }
  for (const hour of hoursOf(activity)) {
    total.statements += hour.statements
    total.allowed += hour.allowed
    total.held += hour.held
    total.denied += hour.denied
  }
  return total
}
