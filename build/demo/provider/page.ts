import { CAST } from './cast.ts'

/** Text as it may stand in HTML, in an attribute too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

const STYLE = `
:root{color-scheme:light dark;--bg:light-dark(#F5F4F1,#0F1113);--surface:light-dark(#FFFFFF,#17191C);--sunken:light-dark(#F2F1ED,#111316);--line:light-dark(#E4E3DE,#282C31);--line2:light-dark(#D2D1CB,#383D44);--control:light-dark(#8B8A84,#6F767F);--text:light-dark(#1A1C1E,#ECEEF0);--text2:light-dark(#50545A,#AAB0B8);--text3:light-dark(#666A70,#8B929A);--acc:light-dark(#285EC9,#8FB5FF);--solid:light-dark(#285EC9,#3368D8);--tint:light-dark(#EBF2FF,#18243F);--ask:light-dark(#875300,#F0B55E);--askt:light-dark(#FDF3E4,#2A2013);--askl:light-dark(#EBCB97,#5C431B);--deny:light-dark(#B02520,#FF9087);--denyt:light-dark(#FDEFED,#301816);--denyl:light-dark(#F3BFB9,#692B26)}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--bg);color:var(--text);font:14px/20px Geist,system-ui,"Segoe UI",sans-serif;-webkit-font-smoothing:antialiased}
main{width:100%;max-width:400px}
.card{background:var(--surface);border:1px solid var(--line);border-radius:10px;box-shadow:0 1px 2px #1a1c1e14;padding:28px 28px 24px}
.mark{width:32px;height:32px;color:var(--text);display:block}
h1{margin:16px 0 4px;font-size:20px;line-height:28px;font-weight:600;letter-spacing:-.012em}
p{margin:0}.second{color:var(--text2);font-size:13px;line-height:18px}
.demo{display:flex;gap:10px;align-items:flex-start;margin-bottom:12px;padding:10px 14px;border:1px solid var(--askl);border-radius:10px;background:var(--askt);color:var(--ask);font-size:13px;line-height:18px}
.demo b{font-weight:600;letter-spacing:.04em}
.bad{margin-top:16px;padding:8px 12px;border:1px solid var(--denyl);border-radius:6px;background:var(--denyt);color:var(--deny);font-size:13px;line-height:18px}
fieldset{border:0;margin:20px 0 0;padding:0;display:grid;gap:6px}
legend{padding:0;margin-bottom:6px;font-size:13px;line-height:18px;font-weight:500}
.who{position:relative;display:flex;align-items:center;gap:12px;padding:9px 12px;border:1px solid var(--line2);border-radius:6px;cursor:pointer;transition:background-color 80ms ease-out}
.who:hover{background:var(--sunken)}
.who:has(input:checked){border-color:var(--acc);box-shadow:inset 0 0 0 1px var(--acc);background:var(--tint)}
.who:has(input:focus-visible){outline:2px solid var(--acc);outline-offset:2px}
.who input{position:absolute;opacity:0;inset:0;margin:0;cursor:pointer}
.face{flex:none;width:32px;height:32px;border-radius:16px;display:grid;place-items:center;background:var(--sunken);border:1px solid var(--line);font-size:12px;font-weight:600;color:var(--text2)}
.who b{font-weight:500;display:block}.who span span{color:var(--text2);font-size:12px;line-height:16px;display:block}
label.field{display:block;margin-top:16px;font-size:13px;line-height:18px;font-weight:500}
.field input{display:block;width:100%;height:36px;margin-top:6px;padding:0 10px;border:1px solid var(--control);border-radius:6px;background:var(--surface);color:var(--text);font:inherit;font-size:14px}
.field input:focus-visible,button:focus-visible,a:focus-visible{outline:2px solid var(--acc);outline-offset:2px}
button{width:100%;height:38px;margin-top:20px;border:0;border-radius:6px;background:var(--solid);color:#fff;font:inherit;font-weight:500;cursor:pointer}
.foot{margin-top:14px;text-align:center;color:var(--text3);font-size:12px;line-height:16px}
a{color:var(--acc);text-underline-offset:3px}
`

const MARK =
  '<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path fill="currentColor" d="M3.5 1h9A2.5 2.5 0 0 1 15 3.5V5H5v1h10v6.5a2.5 2.5 0 0 1-2 2.45V11a3 3 0 0 0-6 0v4H3.5A2.5 2.5 0 0 1 1 12.5V11h4v-1H1V3.5A2.5 2.5 0 0 1 3.5 1z"/></svg>'

const DEMO_NOTE =
  '<div class="demo" role="note"><b>DEMO</b><span>These people are made up, and this sign-in answers on this machine only. Never use it for anything real.</span></div>'

export interface SignInView {
  readonly action: string
  /** An e-mail address: this person is chosen already. */
  readonly chosen: string | undefined
  readonly problem: string | undefined
  /** Signing in anew, because a decision wants it recent. */
  readonly again: boolean
}

export function signInPage(view: SignInView, nonce: string): string {
  const people = CAST.map(({ name, email, part, may }, index) => {
    const checked = view.chosen === undefined ? index === 1 : view.chosen === email
    const initials = name.replace(/(\S)\S*\s*/g, '$1')
    return `<label class="who"><input type="radio" name="email" value="${escapeHtml(email)}"${checked ? ' checked' : ''}><span class="face" aria-hidden="true">${initials}</span><span><b>${escapeHtml(name)}</b><span>${escapeHtml(part)}: ${escapeHtml(may)}</span></span></label>`
  })
  const problem = view.problem === undefined ? '' : `<p class="bad" role="alert">${escapeHtml(view.problem)}</p>`
  return page(
    'Sign in · Demo company',
    `<h1>${view.again ? 'Sign in again' : 'Sign in'}</h1><p class="second">${view.again ? 'Sallyport wants to know that it is still you. ' : ''}The demo company’s own sign-in. You go on to Sallyport.</p>${problem}
<form method="post" action="${escapeHtml(view.action)}">
<fieldset><legend>Who are you?</legend>${people.join('')}</fieldset>
<label class="field">Password<input name="password" type="password" required autocomplete="off" autofocus spellcheck="false"></label>
<button>Sign in</button></form>`,
    'The passwords stand in the terminal in which the demo runs.',
    nonce,
  )
}

/** A page that only says something. */
export function messagePage(title: string, text: string, nonce: string): string {
  return page(`${title} · Demo company`, `<h1>${escapeHtml(title)}</h1><p class="second">${escapeHtml(text)}</p>`, 'Sallyport demo', nonce)
}

function page(title: string, body: string, foot: string, nonce: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body><main>${DEMO_NOTE}<div class="card">${MARK}${body}</div><p class="foot">${escapeHtml(foot)}</p></main></body></html>
`
}
