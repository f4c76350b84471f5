import type { ConnectionFields } from './connection-draft.ts'
import '../ui/parts/list.css'

interface Props {
  readonly fields: ConnectionFields
  readonly change: (fields: ConnectionFields) => void
  /** A new one has a name to give; another's name is part of policies and labels. */
  readonly isNew: boolean
  /** Leaves out what can wait. */
  readonly brief?: boolean
}

/** Where a database is and as whom agents work in it. The password is written here and never read back. */
export function ConnectionForm({ fields, change, isNew, brief = false }: Props) {
  const field = (key: keyof ConnectionFields, label: string, more: { placeholder?: string; required?: boolean; hint?: string } = {}) => (
    <label className="field">
      {label}
      <input
        value={fields[key]}
        placeholder={more.placeholder}
        required={more.required}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => change({ ...fields, [key]: event.currentTarget.value })}
      />
      {more.hint ? <span className="third">{more.hint}</span> : null}
    </label>
  )
  return (
    <div className="connection-form">
      {isNew ? field('name', 'Name, as agents call it', { placeholder: 'shop', required: true }) : null}
      <div className="two wide-first">
        {field('host', 'Host', { placeholder: 'db.internal', required: true })}
        {field('port', 'Port', { required: true })}
      </div>
      <div className="two">
        {field('database', 'Database', { placeholder: 'shop', required: true })}
        {field('user', 'Role', { placeholder: 'sallyport', hint: 'With the rights agents may need, and no more.' })}
      </div>
      <label className="field">
        {isNew ? 'Password' : 'Another password'}
        <input
          type="password"
          value={fields.password}
          autoComplete="new-password"
          placeholder={isNew ? '' : 'as it is'}
          onChange={(event) => change({ ...fields, password: event.currentTarget.value })}
        />
        <span className="third">Kept in the vault, never shown again.</span>
      </label>
      <label className="field">
        TLS to the database
        <select value={fields.tls} onChange={(event) => change({ ...fields, tls: event.currentTarget.value })}>
          <option value="verify-full">On, certificate checked</option>
          <option value="require">On, certificate not checked</option>
          <option value="disable">Off</option>
        </select>
        {fields.tls === 'verify-full' ? null : (
          <span className="in-ask">
            {fields.tls === 'disable'
              ? 'Whoever is on the way reads and changes everything.'
              : 'Whoever is on the way can pose as the database.'}
          </span>
        )}
      </label>
      {fields.tls === 'verify-full' && !brief
        ? field('ca', 'Certificate authority, a PEM file on the host', { placeholder: 'as the system knows' })
        : null}
      {field('groups', 'Groups whose agents may connect', { placeholder: 'ai-agents, analytics', required: true })}
      {brief ? null : (
        <>
          <fieldset>
            <legend>One statement</legend>
            <div className="two">
              {field('statementTimeout', 'Time', { placeholder: '30s' })}
              {field('rows', 'Rows', { placeholder: '100000' })}
              {field('resultBytes', 'Size', { placeholder: '64MiB' })}
              {field('connectionsPerPerson', 'Connections per person', { placeholder: '20' })}
            </div>
          </fieldset>
          <fieldset>
            <legend>One identity, within an hour</legend>
            <div className="two">
              {field('budgetStatements', 'Statements', { placeholder: 'no limit' })}
              {field('budgetRows', 'Rows', { placeholder: 'no limit' })}
              {field('budgetBytes', 'Size', { placeholder: 'no limit' })}
            </div>
          </fieldset>
        </>
      )}
    </div>
  )
}
