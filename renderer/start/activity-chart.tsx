import { useElementSize } from '@mantine/hooks'
import type { Activity } from '../../main/contract/index.ts'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { minuteWords } from '../ui/time/words.ts'
import { countWords } from '../ui/words.ts'
import { hoursOf, ticksFor } from './hours.ts'

const HEIGHT = 232
const LEFT = 40
const BOTTOM = 24
/** Room above the tallest bar for the marks. */
const TOP = 40

/** Bars of what was allowed; held and denied are counted marks on top, since 3 in 300 would not be seen as area. Its table stands beside it. */
export function ActivityChart({ activity }: { activity: Activity }) {
  const { ref, width } = useElementSize()
  // The whole day has its place, so that bars do not move as hours go by.
  const hours = hoursOf(activity)
  const slots = Math.max(hours.length, Math.round(86_400_000 / activity.step))
  const ticks = ticksFor(Math.max(1, ...hours.map((hour) => hour.statements)))
  const top = ticks.at(-1) ?? 1
  const slot = Math.max(0, width - LEFT) / slots
  const plot = HEIGHT - BOTTOM - TOP
  const yOf = (count: number) => TOP + plot - (count / top) * plot
  const every = Math.ceil(52 / Math.max(1, slot))
  return (
    <div className="today-chart" ref={ref} aria-hidden="true">
      <svg width={width} height={HEIGHT} role="presentation">
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={width} y1={yOf(tick)} y2={yOf(tick)} className="chart-line" />
            <text x={LEFT - 8} y={yOf(tick) + 4} textAnchor="end" className="chart-words">
              {countWords(tick)}
            </text>
          </g>
        ))}
        {Array.from({ length: slots }, (_, index) => {
          const at = activity.from + index * activity.step
          const now = index === hours.length - 1
          if (index % every !== 0 && !now) return null
          if (!now && Math.abs(index - (hours.length - 1)) < every && index !== 0) return null
          return (
            <text
              key={at}
              x={LEFT + slot * (index + 0.5)}
              y={HEIGHT - 6}
              textAnchor="middle"
              className={now ? 'chart-words now' : 'chart-words'}
            >
              {now ? 'now' : minuteWords(at)}
            </text>
          )
        })}
        {hours.map((hour, index) => {
          const bar = Math.max(hour.statements > 0 ? 2 : 0, (hour.statements / top) * plot)
          const left = LEFT + slot * index + slot * 0.18
          const y = HEIGHT - BOTTOM - bar
          const marks = [
            { outcome: 'held' as const, count: hour.held },
            { outcome: 'denied' as const, count: hour.denied },
          ].filter((mark) => mark.count > 0)
          return (
            <g key={hour.at}>
              {index === hours.length - 1 ? (
                <rect x={LEFT + slot * index} y={TOP - 16} width={slot} height={plot + 16} className="chart-now" />
              ) : null}
              <rect x={left} y={y} width={slot * 0.64} height={bar} rx={1.5} className="chart-bar">
                <title>{`${minuteWords(hour.at)}: ${countWords(hour.statements)}, ${hour.held} held, ${hour.denied} denied`}</title>
              </rect>
              {marks.map((mark, row) => (
                <g key={mark.outcome} transform={`translate(${LEFT + slot * (index + 0.5) - (slot > 30 ? 12 : 5)} ${y - 16 * (row + 1)})`}>
                  <VerdictMark outcome={mark.outcome} size={slot > 30 ? 12 : 10} quiet />
                  {slot > 30 ? (
                    <text x={15} y={10} className={`chart-count ${mark.outcome}`}>
                      {countWords(mark.count)}
                    </text>
                  ) : null}
                </g>
              ))}
            </g>
          )
        })}
      </svg>
    </div>
  )
}
