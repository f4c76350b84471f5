// The tokens as a Mantine 9 theme. One table of colours; everything else refers to it.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** [light, dark]. Text colours reach 4.5:1 on every surface they are used on; `…Solid` reaches 3:1 (shapes, bars). */
export const tokens = {
  bg: ['#F5F4F1', '#0F1113'],
  surface: ['#FFFFFF', '#17191C'],
  sunken: ['#F2F1ED', '#111316'],
  raised: ['#FFFFFF', '#1F2226'],
  line: ['#E4E3DE', '#282C31'],
  line2: ['#D2D1CB', '#383D44'],
  control: ['#8B8A84', '#6F767F'], // borders of inputs, checkboxes, radios
  text: ['#1A1C1E', '#ECEEF0'],
  text2: ['#50545A', '#AAB0B8'],
  text3: ['#666A70', '#8B929A'],
  accent: ['#285EC9', '#8FB5FF'], // links, focus, selection, playhead
  accentSolid: ['#285EC9', '#3368D8'], // the filled button; white on it
  accentTint: ['#EBF2FF', '#18243F'],
  accentLine: ['#B5CDFB', '#2F4A86'],
  allow: ['#00714A', '#6CC498'],
  allowSolid: ['#1C9566', '#3FA87A'],
  allowQuiet: ['#8CCBAA', '#2F7857'], // volume only (charts, mix bars); a number always stands beside it
  allowTint: ['#EAF6F0', '#14271F'],
  allowLine: ['#B4DCC8', '#25503C'],
  ask: ['#875300', '#F0B55E'],
  askSolid: ['#BF7900', '#DE9A32'],
  askTint: ['#FDF3E4', '#2A2013'],
  askLine: ['#EBCB97', '#5C431B'],
  deny: ['#B02520', '#FF9087'],
  denySolid: ['#D23934', '#E5544B'],
  denyTint: ['#FDEFED', '#301816'],
  denyLine: ['#F3BFB9', '#692B26'],
  mask: ['#863C9C', '#D7A0EA'],
  maskSolid: ['#A152B9', '#B46BCB'],
  maskTint: ['#F8EFFB', '#271A2D'],
  maskHatch: ['#F2E3F7', '#2F1F37'],
  // grounds of the frame and of small parts
  hover: ['#F2F1ED', '#1E2125'],
  nav: ['#EFEEEA', '#131517'],
  navOn: ['#FFFFFF', '#24282D'],
  segment: ['#E9E8E3', '#23272B'],
  segmentOn: ['#FFFFFF', '#3B4148'],
  tag: ['#EDECE7', '#24282D'],
  avatar: ['#DAD8D1', '#33383E'],
  avatarText: ['#3E4146', '#D5D9DE'],
  liveRow: ['#F7FAFF', '#151A24'],
  askHatch: ['#F6DFB9', '#4A3715'],
  literal: ['#3C5A78', '#9FB6CC'], // literals in SQL
  ink: ['#1A1C1E', '#E4E6E8'], // step numbers
  inkText: ['#FFFFFF', '#111316'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

const kebab = (name: string) => name.replace(/[A-Z0-9]/g, (c) => `-${c.toLowerCase()}`)

/** Every token as `--sp-<name>`, so that CSS modules need no colour of their own. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const light: Record<string, string> = {}
  const dark: Record<string, string> = {}
  for (const [name, [l, d]] of Object.entries(tokens)) {
    light[`--sp-${kebab(name)}`] = l
    dark[`--sp-${kebab(name)}`] = d
  }
  const shared = (at: 0 | 1) => ({
    '--mantine-color-body': tokens.bg[at],
    '--mantine-color-text': tokens.text[at],
    '--mantine-color-dimmed': tokens.text3[at],
    '--mantine-color-anchor': tokens.accent[at],
    '--mantine-color-default': tokens.surface[at],
    '--mantine-color-default-border': tokens.line2[at],
    '--mantine-color-placeholder': tokens.text3[at],
    '--mantine-color-error': tokens.deny[at],
  })
  return { variables: {}, light: { ...light, ...shared(0) }, dark: { ...dark, ...shared(1) } }
}

const harbour: MantineColorsTuple = [
  '#F1F6FF',
  '#DEEAFF',
  '#C3D8FF',
  '#A0C1FF',
  '#79A8FE',
  '#518BFD',
  '#3368D8',
  '#285EC9',
  '#1F4CA5',
  '#16387C',
]
const sage: MantineColorsTuple = [
  '#EFF9F3',
  '#DAF0E3',
  '#B9E3CB',
  '#93D1AF',
  '#68BE92',
  '#38A876',
  '#1C9566',
  '#00714A',
  '#00633F',
  '#004A2D',
]
const amber: MantineColorsTuple = [
  '#FDF4EB',
  '#F8E6D2',
  '#F3D1AB',
  '#E8B77E',
  '#DE9A32',
  '#BF7900',
  '#A76900',
  '#875300',
  '#744700',
  '#583400',
]
const brick: MantineColorsTuple = [
  '#FFF3F1',
  '#FEE2DE',
  '#FFC8C1',
  '#FFA69B',
  '#FC7E72',
  '#E5544B',
  '#D23934',
  '#B02520',
  '#961E1C',
  '#711614',
]
const plum: MantineColorsTuple = [
  '#FBF2FD',
  '#F4E2FA',
  '#ECC9F7',
  '#DEABED',
  '#CE8CE2',
  '#BA6CD1',
  '#A152B9',
  '#863C9C',
  '#713383',
  '#552562',
]
const gray: MantineColorsTuple = [
  '#FAFAF8',
  '#F5F4F1',
  '#F2F1ED',
  '#E4E3DE',
  '#D2D1CB',
  '#B4B3AD',
  '#666A70',
  '#50545A',
  '#34373B',
  '#1A1C1E',
]
const dark: MantineColorsTuple = [
  '#ECEEF0',
  '#C6CBD1',
  '#AAB0B8',
  '#8B929A',
  '#383D44',
  '#282C31',
  '#1F2226',
  '#17191C',
  '#111316',
  '#0F1113',
]

export const theme = createTheme({
  colors: { harbour, sage, amber, brick, plum, gray, dark },
  primaryColor: 'harbour',
  primaryShade: { light: 7, dark: 6 },
  black: '#1A1C1E',
  fontFamily: 'Geist, system-ui, "Segoe UI", sans-serif',
  fontFamilyMonospace: '"Geist Mono", ui-monospace, "Cascadia Code", Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '24px', xl: '28px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '10px', xl: '12px' },
  defaultRadius: 'md',
  shadows: {
    xs: '0 1px 2px #1a1c1e14',
    sm: '0 1px 2px #1a1c1e14',
    md: '0 8px 28px #1a1c1e24',
    lg: '0 8px 28px #1a1c1e24',
    xl: '0 8px 28px #1a1c1e24',
  },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm', variant: 'default' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 80 } } },
    Modal: { defaultProps: { transitionProps: { duration: 120 }, overlayProps: { backgroundOpacity: 0.35 } } },
  },
})
