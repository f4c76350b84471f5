import { ALNUM, BASE64, LOWER_HEX, TOKEN, URL64 } from './byte-class.ts'

/**
 * Keys that a vendor marks with a prefix. `body` is the class of the bytes that follow, `min` how many there are at least; the whole
 * run of such bytes belongs to the key, however long. Prefix and body together have at least 20 bytes, on which the prefilter relies.
 * Sources: the vendors' documentation of their formats and the public rule set of gitleaks (MIT); facts only.
 */
export interface KeyFormat {
  readonly vendor: string
  readonly prefix: string
  readonly body: number
  readonly min: number
}

const alnum = (vendor: string, min: number, ...prefixes: string[]): KeyFormat[] =>
  prefixes.map((prefix) => ({ vendor, prefix, body: ALNUM, min }))
const url64 = (vendor: string, min: number, ...prefixes: string[]): KeyFormat[] =>
  prefixes.map((prefix) => ({ vendor, prefix, body: URL64, min }))
const hex = (vendor: string, min: number, ...prefixes: string[]): KeyFormat[] =>
  prefixes.map((prefix) => ({ vendor, prefix, body: LOWER_HEX, min }))
const base64 = (vendor: string, min: number, ...prefixes: string[]): KeyFormat[] =>
  prefixes.map((prefix) => ({ vendor, prefix, body: BASE64, min }))
const token = (vendor: string, min: number, ...prefixes: string[]): KeyFormat[] =>
  prefixes.map((prefix) => ({ vendor, prefix, body: TOKEN, min }))

export const KEY_FORMATS: readonly KeyFormat[] = [
  ...alnum('Stripe', 12, 'sk_live_', 'sk_test_', 'sk_prod_', 'rk_live_', 'rk_test_', 'rk_prod_', 'pk_live_'),
  ...alnum('Stripe webhook', 24, 'whsec_'),
  ...alnum('AWS access key', 17, 'A3T'),
  ...alnum('AWS access key', 16, 'AKIA', 'ASIA', 'ABIA', 'ACCA'),
  ...base64('AWS Bedrock', 100, 'ABSK', 'bedrock-api-key-'),
  ...token('Amazon MWS', 30, 'amzn.mws.'),
  ...url64('Google API', 35, 'AIza'),
  ...url64('Google OAuth secret', 20, 'GOCSPX-'),
  ...token('Google OAuth token', 20, 'ya29.'),
  ...alnum('GitHub', 36, 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'),
  ...url64('GitHub fine-grained', 60, 'github_pat_'),
  ...url64('GitLab', 20, 'glpat-', 'gldt-', 'glffct-', 'glft-', 'glimt-', 'glagent-', 'gloas-', 'glptt-', 'glrt-', 'glsoat-', 'glcbt-'),
  ...url64('GitLab runner registration', 20, 'GR1348941'),
  ...url64('OpenAI', 40, 'sk-proj-', 'sk-svcacct-', 'sk-admin-'),
  ...alnum('OpenAI', 32, 'sk-'),
  ...url64('Anthropic', 40, 'sk-ant-'),
  ...url64('OpenRouter', 40, 'sk-or-v1-'),
  ...alnum('Perplexity', 40, 'pplx-'),
  ...alnum('Groq', 40, 'gsk_'),
  ...alnum('xAI', 60, 'xai-'),
  ...alnum('Replicate', 30, 'r8_'),
  ...alnum('Hugging Face', 30, 'hf_', 'api_org_'),
  ...url64('Slack', 16, 'xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxe.xoxb-', 'xoxe.xoxp-', 'xapp-'),
  ...token('Slack webhook', 30, 'hooks.slack.com/services/', 'hooks.slack.com/workflows/', 'hooks.slack.com/triggers/'),
  ...token('Discord webhook', 40, 'discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'),
  ...hex('Twilio', 32, 'SK', 'AC'),
  ...token('SendGrid', 40, 'SG.'),
  ...url64('Brevo', 60, 'xkeysib-', 'xsmtpsib-'),
  ...hex('Mailgun', 32, 'key-'),
  ...url64('Resend', 33, 're_'),
  ...hex('DigitalOcean', 60, 'dop_v1_', 'doo_v1_', 'dor_v1_'),
  ...url64('Cloudflare', 100, 'v1.0-'),
  ...alnum('Heroku', 50, 'HRKU-AA'),
  ...alnum('Vercel', 20, 'vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'),
  ...url64('Netlify', 36, 'nfp_'),
  ...token('Fly.io', 40, 'fo1_', 'fm1a_', 'fm1r_', 'fm2_'),
  ...url64('Supabase', 36, 'sbp_', 'sb_secret_'),
  ...token('PlanetScale', 32, 'pscale_tkn_', 'pscale_oauth_', 'pscale_pw_'),
  ...token('Databricks', 32, 'dapi'),
  ...alnum('Snyk, Neon', 40, 'napi_'),
  ...hex('Pulumi', 40, 'pul-'),
  ...token('HashiCorp Vault', 24, 'hvs.', 'hvb.', 'hvr.'),
  ...url64('Terraform Cloud', 50, '.atlasv1.'),
  ...token('Doppler', 40, 'dp.pt.', 'dp.st.', 'dp.sa.', 'dp.ct.', 'dp.scim.', 'dp.audit.'),
  ...token('1Password service account', 100, 'ops_eyJ'),
  ...url64('1Password secret key', 20, 'A3-'),
  ...alnum('age', 50, 'AGE-SECRET-KEY-1'),
  ...alnum('npm', 36, 'npm_'),
  ...url64('PyPI', 50, 'pypi-AgE'),
  ...hex('RubyGems', 48, 'rubygems_'),
  ...alnum('Clojars', 60, 'CLOJARS_'),
  ...alnum('JFrog', 50, 'AKCp', 'cmVmd'),
  ...alnum('Docker Hub', 20, 'dckr_pat_', 'dckr_oat_'),
  ...alnum('Sourcegraph', 30, 'sgp_'),
  ...url64('Postman', 50, 'PMAK-'),
  ...alnum('ReadMe', 60, 'rdme_'),
  ...alnum('Linear', 32, 'lin_api_', 'lin_oauth_'),
  ...alnum('Notion', 40, 'ntn_', 'secret_'),
  ...url64('Atlassian', 100, 'ATATT3', 'ATCTT3', 'ATBB'),
  ...alnum('Octopus Deploy', 26, 'API-'),
  ...token('Dynatrace', 60, 'dt0c01.', 'dt0s01.'),
  ...alnum('Grafana', 30, 'glsa_', 'glc_'),
  ...base64('Grafana', 60, 'eyJrIjoi'),
  ...alnum('New Relic', 20, 'NRAK-', 'NRJS-', 'NRII-', 'NRAA-'),
  ...base64('Sentry', 40, 'sntrys_eyJ'),
  ...hex('Sentry', 60, 'sntryu_'),
  ...alnum('Shopify', 32, 'shpat_', 'shpca_', 'shppa_', 'shpss_'),
  ...url64('Square', 22, 'sq0atp-', 'sq0csp-', 'EAAA'),
  ...token('PayPal Braintree', 20, 'access_token$production$'),
  ...alnum('Shippo', 38, 'shippo_live_', 'shippo_test_'),
  ...alnum('EasyPost', 50, 'EZAK', 'EZTK'),
  ...url64('Duffel', 40, 'duffel_live_', 'duffel_test_'),
  ...url64('Frame.io', 60, 'fio-u-'),
  ...alnum('Flutterwave', 12, 'FLWSECK_TEST-', 'FLWSECK-', 'FLWPUBK_TEST-'),
  ...alnum('Plaid', 20, 'access-production-', 'access-sandbox-'),
  ...alnum('Facebook', 80, 'EAAC', 'EAAM', 'EAAB', 'EAAG'),
  ...alnum('Alibaba Cloud', 20, 'LTAI'),
  ...alnum('Tencent Cloud', 32, 'AKID'),
  ...alnum('Prefect', 36, 'pnu_', 'pnb_'),
  ...alnum('Infracost', 32, 'ico-'),
  ...alnum('SettleMint', 16, 'sm_aat_', 'sm_pat_', 'sm_sat_'),
  ...url64('OpenShift', 43, 'sha256~'),
  ...token('Adobe', 32, 'p8e-'),
  ...url64('Mapbox secret', 60, 'sk.eyJ'),
  ...alnum('Figma', 36, 'figd_'),
  ...url64('Contentful', 40, 'CFPAT-'),
]
