/** Icons by what they mean here: Tabler (MIT), 16 px, stroke 1.8, and the mark. */
import type { IconProps, TablerIcon } from '@tabler/icons-react'
import {
  IconActivity,
  IconAlertTriangle,
  IconArrowLeft,
  IconArrowRight,
  IconBell,
  IconBellOff,
  IconBroadcast,
  IconCheck,
  IconChevronDown,
  IconChevronRight,
  IconCloudOff,
  IconCopy,
  IconDatabase,
  IconDeviceDesktop,
  IconDownload,
  IconEye,
  IconFingerprint,
  IconFlask,
  IconGripVertical,
  IconHistory,
  IconHome,
  IconInbox,
  IconKey,
  IconKeyboard,
  IconLink,
  IconLock,
  IconLogout,
  IconMenu2,
  IconMoon,
  IconNotebook,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconPlugConnected,
  IconPlus,
  IconRobot,
  IconScale,
  IconSearch,
  IconSettings,
  IconShieldCheck,
  IconShieldX,
  IconSquare,
  IconSun,
  IconTerminal2,
  IconTrash,
  IconUser,
  IconUsers,
  IconUserX,
  IconWifiOff,
  IconX,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react'

const at16 = (Icon: TablerIcon) =>
  function At16({ size = 16, ...rest }: IconProps) {
    return <Icon className="icon" size={size} stroke={1.8} aria-hidden="true" {...rest} />
  }

export const Activity = at16(IconActivity)
export const Warn = at16(IconAlertTriangle)
export const Back = at16(IconArrowLeft)
export const ArrowRight = at16(IconArrowRight)
export const Check = at16(IconCheck)
export const Down = at16(IconChevronDown)
export const Forward = at16(IconChevronRight)
export const CloudOff = at16(IconCloudOff)
export const Copy = at16(IconCopy)
export const Database = at16(IconDatabase)
export const Desktop = at16(IconDeviceDesktop)
export const Download = at16(IconDownload)
export const Fingerprint = at16(IconFingerprint)
export const History = at16(IconHistory)
export const Home = at16(IconHome)
export const Inbox = at16(IconInbox)
export const Key = at16(IconKey)
export const Keyboard = at16(IconKeyboard)
export const Lock = at16(IconLock)
export const Log = at16(IconNotebook)
export const Logout = at16(IconLogout)
export const MenuLines = at16(IconMenu2)
export const Moon = at16(IconMoon)
export const Stop = at16(IconPlayerStop)
export const Plug = at16(IconPlugConnected)
export const Robot = at16(IconRobot)
export const Scale = at16(IconScale)
export const Search = at16(IconSearch)
export const Square = at16(IconSquare)
export const Sun = at16(IconSun)
export const Terminal = at16(IconTerminal2)
export const User = at16(IconUser)
export const UserX = at16(IconUserX)
export const Users = at16(IconUsers)
export const WifiOff = at16(IconWifiOff)
export const Cross = at16(IconX)
export const Flask = at16(IconFlask)
export const Bell = at16(IconBell)
export const BellOff = at16(IconBellOff)
export const Gear = at16(IconSettings)
export const Play = at16(IconPlayerPlay)
export const Pause = at16(IconPlayerPause)
export const SkipBack = at16(IconPlayerSkipBack)
export const SkipForward = at16(IconPlayerSkipForward)
export const ZoomIn = at16(IconZoomIn)
export const ZoomOut = at16(IconZoomOut)
export const LinkGlyph = at16(IconLink)
export const ShieldCheck = at16(IconShieldCheck)
export const ShieldX = at16(IconShieldX)
export const Pencil = at16(IconPencil)
export const Plus = at16(IconPlus)
export const Broadcast = at16(IconBroadcast)
export const Eye = at16(IconEye)
export const Grip = at16(IconGripVertical)
export const Trash = at16(IconTrash)

/** A square with an eye: masking and labels. */
export function MaskGlyph({ size = 16 }: { size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      aria-hidden="true"
    >
      <rect x="4" y="4" width="16" height="16" rx="2" />
      <circle cx="12" cy="12" r="3" />
    </svg>
  )
}

/** The sally port itself. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
      <path d="M3.5 1h9A2.5 2.5 0 0 1 15 3.5V5H5v1h10v6.5a2.5 2.5 0 0 1-2 2.45V11a3 3 0 0 0-6 0v4H3.5A2.5 2.5 0 0 1 1 12.5V11h4v-1H1V3.5A2.5 2.5 0 0 1 3.5 1z" />
    </svg>
  )
}
