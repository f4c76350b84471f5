import { createHmac } from 'node:crypto'

export const SIGNATURE_HEADER = 'sallyport-signature'

/**
 * `t=SECONDS,v1=HEX`: HMAC-SHA256 (RFC 2104) with the receiver's secret over the seconds since the epoch, a full stop, and the body as it is sent. A
 * receiver computes it again, compares in constant time, and refuses what is older than some minutes.
 */
export function signWebhook(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}
