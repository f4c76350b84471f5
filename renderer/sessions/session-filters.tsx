import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type RefObject, useState } from 'react'
import { connectionsQuery } from '../api/queries.ts'
import { Cross, Search } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'

const periods = [
  { days: 1, words: 'Today' },
  { days: 7, words: 'Last 7 days' },
  { days: 30, words: 'Last 30 days' },
] as const
const verdicts = [
  { verdict: 'deny', words: 'Denied by a rule' },
  { verdict: 'ask', words: 'Asked a person' },
  { verdict: 'allow', words: 'Allowed' },
] as const

/** Search and filters; all of them stand in the address. */
export function SessionFilters({ field }: { readonly field: RefObject<HTMLInputElement | null> }) {
  const search = useSearch({ from: '/sessions' })
  const navigate = useNavigate({ from: '/sessions' })
  const connections = useQuery({ ...connectionsQuery, retry: false })
  const [typed, setTyped] = useState(search.q ?? '')
  const [person, setPerson] = useState(search.person ?? '')
  const [asked, setAsked] = useState(search)
  // The address changed elsewhere: back, a link, “Clear filters”.
  if (asked.q !== search.q || asked.person !== search.person) {
    setAsked(search)
    setTyped(search.q ?? '')
    setPerson(search.person ?? '')
  }
  const set = (changes: Partial<Record<keyof typeof search, string | number | boolean | undefined>>) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined && value !== '' && value !== false),
        ),
    })
  const names = connections.data?.items.map((connection) => connection.name) ?? []
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault()
        set({ q: typed.trim(), person: person.trim(), ...(typed.trim() === '' ? { by: undefined } : {}) })
      }}
    >
      <label className="search-field">
        <Search />
        <input
          ref={field}
          type="search"
          placeholder="Search statements"
          aria-label="Search statements"
          value={typed}
          maxLength={500}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <span className="cap" aria-hidden="true">
          /
        </span>
      </label>
      <Button look={search.live ? 'soft' : 'plain'} aria-pressed={search.live === true} onClick={() => set({ live: !search.live })}>
        Live
        {search.live ? <Cross size={14} /> : null}
      </Button>
      {names.length > 4 ? (
        <select
          aria-label="Connection"
          className={search.connection ? 'set' : ''}
          value={search.connection ?? ''}
          onChange={(event) => set({ connection: event.currentTarget.value })}
        >
          <option value="">Any connection</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ) : (
        names.map((name) => (
          <Button
            key={name}
            look={search.connection === name ? 'soft' : 'plain'}
            aria-pressed={search.connection === name}
            onClick={() => set({ connection: search.connection === name ? undefined : name })}
          >
            {name}
            {search.connection === name ? <Cross size={14} /> : null}
          </Button>
        ))
      )}
      <select
        aria-label="When"
        className={search.days ? 'set' : ''}
        value={search.days ?? ''}
        onChange={(event) => set({ days: Number(event.currentTarget.value) || undefined })}
      >
        <option value="">Any time</option>
        {periods.map(({ days, words }) => (
          <option key={days} value={days}>
            {words}
          </option>
        ))}
      </select>
      <select
        aria-label="Verdict"
        className={search.verdict ? 'set' : ''}
        value={search.verdict ?? ''}
        onChange={(event) => set({ verdict: event.currentTarget.value })}
      >
        <option value="">Any verdict</option>
        {verdicts.map(({ verdict, words }) => (
          <option key={verdict} value={verdict}>
            {words}
          </option>
        ))}
      </select>
      <input
        className={search.person ? 'person-field set' : 'person-field'}
        aria-label="Person or agent"
        placeholder="Person or agent"
        value={person}
        maxLength={200}
        onChange={(event) => setPerson(event.currentTarget.value)}
        onBlur={() => (person.trim() === (search.person ?? '') ? undefined : set({ person: person.trim() }))}
      />
      <button type="submit" className="unseen">
        Search
      </button>
    </form>
  )
}
