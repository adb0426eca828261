// The operator's pages and metrics: behind Cloudflare Access or the local token. Not described, since no program of the
// exchange's calls them.

const PAGE = "a page of the operator's"

export const operatorsPages = {
  ops: PAGE,
  opsIncidents: PAGE,
  opsAccount: PAGE,
  opsAlert: PAGE,
  opsFind: PAGE,
  opsLeave: PAGE,
  opsActForm: 'a form of the operator’s pages; programs have `POST /v1/ops/acts`',
  metrics: "for the operator's collector, in OpenMetrics",
} as const
