// What financial regulators ask of login alerts, each clause as a setting of ours, with its document, its dates, and where it
// was read. Not legal advice: the profile of a country is what we can hold of its rules, not all of them, and whom a rule
// binds is the reader's question. A clause is here only if a page that says so was read; docs/profiles.md is made of it.

import type { Profile } from './profile-rules.ts'

const READ = '2026-11-28'
const REPORTED = { read: READ, isPrimary: false } as const

const MAS = 'Monetary Authority of Singapore'
const MAS_CIRCULAR = {
  ...REPORTED,
  regulator: MAS,
  document:
    'Circular on Anti-Scam Measures by Major Payment Institutions Providing Personal Payment Accounts That Contain E-money',
  issued: '2024-10-25',
  effective: '2024-10-25',
  source:
    'https://www.ingenia-consultants.com/circular-on-anti-scam-measures-by-major-payment-institutions-providing-personal-payment-accounts-that-contain-e-money/',
} as const
const MAS_SRF = {
  ...REPORTED,
  regulator: MAS,
  document: 'Guidelines on Shared Responsibility Framework',
  issued: '2024-10-24',
  effective: '2024-12-16',
  source:
    'https://insightplus.bakermckenzie.com/bm/financial-institutions_1/singapore-shared-responsibility-framework-to-be-implemented-from-16-december-2024',
} as const
const SFC = 'Securities and Futures Commission of Hong Kong'
const FSA_GUIDELINES = {
  ...REPORTED,
  regulator: 'Financial Services Agency of Japan',
  document:
    'Comprehensive Guidelines for Supervision of Financial Instruments Business Operators, revision on internet trading',
  issued: '2025-10-15',
  effective: '2025-10-15',
  source: 'https://media.finasee.jp/articles/pro/17405',
  alsoRead: 'https://www.nrapki.jp/blog/20251010-2',
} as const
const MCMC_DIRECTIVE = {
  ...REPORTED,
  regulator: 'Malaysian Communications and Multimedia Commission',
  document: 'Directive to operators to block SMS with prohibited content',
  issued: '2023-02-14',
  effective: '2024-09-01',
  source:
    'https://thestar.com.my/tech/tech-news/2024/09/02/mcmc-bans-sms-with-hyperlinks-callback-numbers-and-personal-info-requests-from-sept-1',
} as const
const BSP = 'Bangko Sentral ng Pilipinas'
const BSP_1213 = {
  ...REPORTED,
  regulator: BSP,
  document: 'Circular No. 1213, Series of 2025 (Anti-Financial Account Scamming Act)',
  issued: '2025-05',
  // Another page says 30 June: the earlier counts.
  effective: '2026-06-25',
} as const

const NO_ALERT_OF_OURS =
  'Alerts of anything but logins, the activities that you report, and the changes that the owner’s pages make. A STOP sent from the phone still mutes: carriers ask for that, and `phone.changed` tells you.'
const ONLY_SMS = 'E-mail, apps and push notifications; what you send yourself.'
const ONLY_OWNERS_PAGES =
  'A number that you change by API; a first number; other settings, of which some take a code by SMS where no authenticator app is set up. A passkey that was itself added with a code by SMS counts once it is old enough.'

export const PROFILES = {
  ae: {
    country: 'United Arab Emirates',
    clauses: [
      {
        ...REPORTED,
        setting: 'numberChange',
        step: 'passkey',
        regulator: 'Central Bank of the UAE',
        document: 'Notice CBUAE/FCMCP/2025/3057, Prevention of Fraud Incidents Impacting Consumers',
        issued: '2025-05-23',
        effective: '2026-03-31',
        source: 'https://onlayer.com/en/blogs/cbuae-notice-3057-fraud-prevention-compliance-uae',
        asks: 'No code by SMS or e-mail alone for transactions, enrolment or access; a step-up that is no new SMS for updating personal data and security settings.',
        notCovered: ONLY_OWNERS_PAGES,
      },
    ],
    notCovered: 'Monitoring of transactions, liability and refunds; Rules of VARA: not read.',
  },
  eu: {
    country: 'European Union',
    clauses: [
      {
        setting: 'numberChange',
        step: 'app',
        regulator: 'European Union; European Banking Authority',
        document:
          'Directive (EU) 2015/2366 (PSD2), Article 97(1)(c); Delegated Regulation (EU) 2018/389; Q&A 2020_5650',
        issued: '2015',
        effective: '2019-09-14',
        read: READ,
        source: 'https://www.eba.europa.eu/single-rule-book-qa/qna/view/publicId/2020_5650',
        isPrimary: true,
        asks: 'Two independent elements for any action through a remote channel that may imply a risk of fraud; binds payment service providers. A code by SMS shows possession, one of the two.',
        notCovered:
          'The other element is your own login, which we do not see. An authenticator app may be set up with a code by SMS.',
      },
    ],
    notCovered:
      'DORA: registers, clocks for incidents, third parties; MiCA; the Payment Services Regulation: not in force.',
  },
  hk: {
    country: 'Hong Kong',
    clauses: [
      {
        ...REPORTED,
        setting: 'alerts',
        step: 'all',
        regulator: SFC,
        document:
          'Guidelines for Reducing and Mitigating Hacking Risks Associated with Internet Trading',
        issued: '2017-10-27',
        effective: '2018-07-27',
        source: 'https://charltonslaw.com/new-sfc-guidelines-on-internet-trading-hacking-risks',
        alsoRead: 'https://test.elitetrader.com/et/threads/how-to-disable-login-emails.367015/',
        asks: 'Clients are notified promptly of each login, password reset, trade, third-party transfer and change of their data, by another channel than the login’s; they may opt out of those of trades only.',
        notCovered: `${NO_ALERT_OF_OURS} Whether it binds a platform for virtual assets was not found.`,
      },
      {
        ...REPORTED,
        setting: 'links',
        step: 'none',
        regulator: SFC,
        document: 'Circular to licensed corporations, Phishing detection and prevention',
        issued: '2025-05-21',
        effective: '2025-05-21',
        source:
          'https://www.timothyloh.com/insights/latest-news/circular-to-licensed-corporations-phishing-detection-and-prevention-20250521',
        asks: 'No electronic message with a hyperlink to the firm’s website or app for transactions, none that asks for sensitive data. Held strictly here, though a lock is no transaction.',
        notCovered: ONLY_SMS,
      },
    ],
    notCovered:
      'Two-factor login, surveillance of accounts, reports to the regulator; what the HKMA asks of banks.',
  },
  in: {
    country: 'India',
    clauses: [
      {
        ...REPORTED,
        setting: 'numberChange',
        step: 'app',
        regulator: 'Reserve Bank of India',
        document:
          'RBI/2025-26/79, Authentication mechanisms for digital payment transactions Directions, 2025',
        issued: '2025-09-25',
        effective: '2026-04-01',
        source:
          'https://sarthaklaw.com/rbi-update-rbi-issues-directions-on-authentication-mechanisms-for-digital-payments',
        alsoRead:
          'https://kpmg.com/in/en/insights/2025/12/reserve-bank-of-india-rbi-authentication-mechanisms-for-digital-payment-transactions-directions-2025.html',
        asks: 'Two factors for each digital payment; a code by SMS may still be one of them. Of a change of number it says nothing: it is taken for such an act here.',
        notCovered: 'Payments; liability. An authenticator app may be set up with a code by SMS.',
      },
    ],
    notCovered:
      'Links to Indian numbers, whitelisted and within a template: the country’s own rule, which holds without a profile; what the RBI asks of banks’ digital channels.',
  },
  jp: {
    country: 'Japan',
    clauses: [
      {
        ...FSA_GUIDELINES,
        setting: 'links',
        step: 'none',
        asks: 'No login link, and no address of a page that asks for a password, in mails and SMS. Held strictly here, though the lock page asks for none.',
        notCovered: ONLY_SMS,
      },
      {
        ...FSA_GUIDELINES,
        setting: 'numberChange',
        step: 'passkey',
        asks: 'Phishing-resistant proof, a passkey or PKI, for important operations such as login, withdrawal and a change of bank account. A change of number is not named: it is taken for one here.',
        notCovered: ONLY_OWNERS_PAGES,
      },
    ],
    notCovered:
      'The guidelines bind securities firms; for crypto-asset exchanges a policy was drafted on 10 February 2026, and its guidelines were not found; login itself, withdrawals, behaviour detection, lock-out after failed logins; that clients are notified of logins: whether they may opt out was not found.',
  },
  my: {
    country: 'Malaysia',
    clauses: [
      {
        ...MCMC_DIRECTIVE,
        setting: 'links',
        step: 'none',
        asks: 'Operators block every SMS with a hyperlink.',
        notCovered: ONLY_SMS,
      },
      {
        ...MCMC_DIRECTIVE,
        setting: 'phoneNumbers',
        step: 'none',
        asks: 'Operators block every SMS with a number to call back.',
        notCovered: ONLY_SMS,
      },
      {
        ...REPORTED,
        setting: 'numberChange',
        step: 'passkey',
        regulator: 'Bank Negara Malaysia',
        document: 'Risk Management in Technology (RMiT), policy document of November 2025',
        issued: '2025-11',
        effective: null,
        source:
          'https://www.wultra.com/blog/malaysia-raises-the-bar-on-authentication-executive-summary-of-the-new-rmit-update',
        alsoRead:
          'https://ringgitplus.com/en/blog/personal-finance-news/bnm-announces-five-additional-safeguards-against-financial-scams-including-migrating-from-sms-otp.html',
        asks: 'Stronger, independent proof for sensitive changes such as that of a phone number; away from codes by SMS, since 2022 for changes of personal data too.',
        notCovered: ONLY_OWNERS_PAGES,
      },
    ],
    notCovered:
      'A cooling-off after the first enrolment of a device: its length was not found; one device per customer, limits, kill switch at the bank.',
  },
  ph: {
    country: 'Philippines',
    clauses: [
      {
        ...REPORTED,
        setting: 'links',
        step: 'none',
        regulator: BSP,
        document: 'Memorandum No. M-2022-015',
        issued: '2022-03-22',
        effective: '2022-03-22',
        source:
          'https://newsbytes.ph/2022/06/30/bsp-asks-banks-to-remove-links-in-e-mail-sms-advisories-to-customers/',
        alsoRead:
          'https://interaksyon.philstar.com/trends-spotlights/2022/07/21/222753/dapat-walang-clickable-link-bsp-urges-banks-financial-institutions-amid-scam-reports/amp/',
        asks: 'No clickable links in e-mails and SMS to customers.',
        notCovered: ONLY_SMS,
      },
      {
        ...BSP_1213,
        setting: 'numberChange',
        step: 'passkey',
        source:
          'https://www.authsignal.com/blog/articles/bsp-circular-1213-philippine-banks-must-replace-sms-otps-by-june-2026',
        alsoRead: 'https://savyint.com/?p=286922',
        asks: 'No proof that others can intercept, as codes by SMS and e-mail, for high-risk transactions and critical changes, contact data among them; passkeys are named.',
        notCovered: ONLY_OWNERS_PAGES,
      },
      {
        ...BSP_1213,
        setting: 'coolingOffHours',
        step: 24,
        source: 'https://www.attyferdi.com/regulations/bsp-circular-1213-it-risk-afasa',
        asks: 'Transactions pause for 24 hours after key changes of an account.',
        notCovered:
          'What is not a withdrawal. Key changes hold where you report them; logins hold that are not recognised, which the clause does not name.',
      },
    ],
    notCovered:
      'Fraud management systems, payee checks, limits, money lock, logs of five years; notices of transactions: whether they may be switched off was not found.',
  },
  sg: {
    country: 'Singapore',
    clauses: [
      {
        ...MAS_CIRCULAR,
        setting: 'links',
        step: 'none',
        asks: 'No clickable links or QR codes in SMS, unless certain criteria are met.',
        notCovered: ONLY_SMS,
      },
      {
        ...MAS_CIRCULAR,
        setting: 'phoneNumbers',
        step: 'none',
        asks: 'No phone numbers in SMS, unless certain criteria are met.',
        notCovered: ONLY_SMS,
      },
      {
        ...MAS_SRF,
        setting: 'alerts',
        step: 'unusual',
        asks: 'A notification at once of a login on a new device and of high-risk activities.',
        notCovered: NO_ALERT_OF_OURS,
      },
      {
        ...MAS_SRF,
        setting: 'coolingOffHours',
        step: 12,
        asks: 'No high-risk activity for 12 hours after a token is activated or a new device logs in.',
        notCovered:
          'What is not a withdrawal: limits, payees, contact data. A token here is an authenticator app or passkey of the owner’s pages; yours are not known.',
      },
    ],
    notCovered:
      'Both bind banks and payment institutions; what MAS asks of digital payment token services was not read; alerts of transactions, a reporting line at all hours, fraud surveillance, compensation; the self-service kill switch: the lock does its part where an alert or the owner’s pages are at hand.',
  },
} as const satisfies Readonly<Record<string, Profile>>
