import { Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Me } from '../../../main/contract/index.ts'
import { healthQuery } from '../../api/queries.ts'
import { MenuLines, Warn } from '../icons.tsx'
import { Button } from '../parts/button.tsx'
import { Nav } from './nav.tsx'

/** Navigation beside the screen; under 720 px behind a menu button. The host's trouble stands above every screen. */
export function Frame({ me, children }: { me: Me; children: ReactNode }) {
  const [open, menu] = useDisclosure(false)
  const { pathname } = useLocation()
  const health = useQuery(healthQuery)
  const trouble = health.data?.detail?.trouble ?? []
  const replay = /^\/sessions\/./.test(pathname)
  const [openedAt, setOpenedAt] = useState(pathname)
  // The menu closes when the address changes.
  const openHere = () => {
    setOpenedAt(pathname)
    menu.open()
  }
  return (
    <div className={replay ? 'frame rail' : 'frame'}>
      <a className="skip" href="#screen">
        Skip to the page
      </a>
      <Nav me={me} />
      <div className="menu-button">
        <Button look="ghost" aria-label="Open the menu" icon={<MenuLines size={18} />} onClick={openHere} />
      </div>
      <Drawer
        opened={open && openedAt === pathname}
        onClose={menu.close}
        size={248}
        title="Sallyport"
        closeButtonProps={{ 'aria-label': 'Close the menu' }}
        classNames={{ body: 'drawer-body' }}
      >
        <Nav me={me} inDrawer />
      </Drawer>
      <div className="beside" id="screen">
        {trouble.map((words) => (
          <div key={words} className="notice tone-deny" role="alert">
            <Warn />
            <span className="medium">{words}</span>
          </div>
        ))}
        {children}
      </div>
    </div>
  )
}
