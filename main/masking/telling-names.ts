/**
 * Names of columns that mostly hold what people would not want shown. Words are parts of a name between `_`, digits and changes of case.
 * Sources: the identifiers of HIPAA's Safe Harbor list (45 CFR 164.514(b)(2)), GDPR articles 4 and 9, PCI DSS 4.0 section 3, and common usage.
 */
export interface TellingName {
  /** For people: "looks like …". */
  readonly what: string
  /** A label that teams often use for it. */
  readonly label: string
  /** One of these sequences of words stands in the name. */
  readonly words: readonly string[]
  /** Only for columns of text, or numbers too. */
  readonly numbers: boolean
}

const telling = (label: string, what: string, words: string, numbers = false): TellingName => ({
  what,
  label,
  words: words.split(',').map((one) => one.trim()),
  numbers,
})

export const TELLING_NAMES: readonly TellingName[] = [
  telling('contact', 'an e-mail address', 'email, e mail, mail address, mailbox'),
  telling('contact', 'a phone number', 'phone, telephone, tel, mobile, cell, msisdn, fax', true),
  telling('contact', 'a postal address', 'address, addr, street, postcode, postal code, zip, zip code, zipcode, house number'),
  telling('pii', 'a person’s name', 'first name, last name, full name, surname, given name, family name, maiden name, firstname, lastname'),
  telling(
    'pii',
    'a national identity number',
    'ssn, social security, social security number, national id, nino, sin number, aadhaar, cpf, pesel, personnummer, bsn',
    true,
  ),
  telling('pii', 'a tax number', 'tax id, tin, itin, ein, vat id, vat number, steuer id', true),
  telling(
    'pii',
    'a document’s number',
    'passport, passport number, driver license, drivers license, licence number, license number, visa number',
    true,
  ),
  telling('pii', 'a date of birth', 'birth, birthday, birthdate, birth date, date of birth, dob', true),
  telling('pii', 'gender, origin or belief', 'gender, sex, ethnicity, race, religion, nationality, sexual orientation, political opinion'),
  telling('pii', 'a place where somebody was', 'latitude, longitude, lat, lng, geolocation, location', true),
  telling('pii', 'a network address', 'ip, ip address, ipaddr, mac address, user agent'),
  telling(
    'health',
    'health data',
    'diagnosis, icd, medication, prescription, blood type, allergy, allergies, patient, mrn, treatment, disability',
    true,
  ),
  telling('card', 'a payment card', 'card, card number, cardnumber, pan, cvv, cvc, card expiry, credit card', true),
  telling('bank', 'a bank account', 'iban, bic, swift, account number, bank account, routing number, sort code', true),
  telling('money', 'what somebody earns', 'salary, wage, wages, compensation, bonus, income, payroll', true),
  telling('secret', 'a password or its hash', 'password, passwd, pwd, passphrase, password hash, pin, pin code'),
  telling(
    'secret',
    'a key or token',
    'secret, api key, apikey, access key, private key, token, access token, refresh token, session token, auth token, otp, totp, mfa secret, webhook secret, client secret',
  ),
  telling('secret', 'an answer that proves who one is', 'security answer, security question'),
]

/** `customerEmail2` → ` customer email `. */
function wordsOf(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-zà-ÿ]+/)
  return ` ${words.filter((word) => word !== '').join(' ')} `
}

/** What a column's name suggests; undefined: nothing. */
export function tellingName(column: string, isNumber: boolean): TellingName | undefined {
  const words = wordsOf(column)
  return TELLING_NAMES.find((one) => (one.numbers || !isNumber) && one.words.some((sequence) => words.includes(` ${sequence} `)))
}
