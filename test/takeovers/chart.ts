// The first table as a picture: for each thief a bar a policy, what was lost within the hours dark, what later light. Pure.

import { THIEVES, type ThiefKind } from './assumptions.ts'
import type { Figures } from './figures.ts'

const LABELS: Readonly<Record<ThiefKind, string>> = {
  password: 'password',
  session: 'open session',
  sms: 'reads SMS',
  sim: 'SIM swap',
  insider: 'insider',
  phone: 'phone',
}
const LEFT = 60
const TOP = 64
const HEIGHT = 260
const BAR = 20
const GAP = 6
const GROUP_GAP = 34

export function drawChart(all: readonly Figures[]): string {
  const groupWidth = all.length * (BAR + GAP) - GAP
  const width = LEFT + THIEVES.length * (groupWidth + GROUP_GAP) + 10
  const height = TOP + HEIGHT + 120
  const yOf = (share: number) => TOP + HEIGHT * (1 - share)
  const bars = THIEVES.flatMap((thief, group) =>
    all.flatMap(({ byThief, policy }, nth) => {
      const { thefts, within, later } = byThief[thief]
      const [first, second] = [within, within + later].map((count) => count / Math.max(1, thefts))
      const x = LEFT + group * (groupWidth + GROUP_GAP) + nth * (BAR + GAP)
      const bar = (from = 0, to = 0, fill: string) =>
        `<rect x="${x}" y="${round(yOf(to))}" width="${BAR}" height="${round(HEIGHT * (to - from))}" fill="${fill}"/>`
      return [
        bar(0, first, '#b3261e'),
        bar(first, second, '#f0b8a8'),
        `<text x="${x + BAR / 2 + 4}" y="${TOP + HEIGHT + 8}" transform="rotate(90 ${x + BAR / 2 + 4} ${TOP + HEIGHT + 8})" dy="-6">${policy.name}</text>`,
      ]
    }),
  )
  const names = THIEVES.map((thief, group) => {
    const x = LEFT + group * (groupWidth + GROUP_GAP) + groupWidth / 2
    return `<text x="${round(x)}" y="${height - 14}" text-anchor="middle" font-weight="bold">${LABELS[thief]}</text>`
  })
  const lines = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    `<line x1="${LEFT - 6}" x2="${width - 10}" y1="${yOf(share)}" y2="${yOf(share)}" stroke="#ccc"/>`,
    `<text x="${LEFT - 10}" y="${yOf(share) + 4}" text-anchor="end">${share * 100} %</text>`,
  ])
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-labelledby="title">`,
    '<title id="title">Share of thefts in which the money was lost, by thief and policy</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    '<text x="10" y="20" font-size="15" font-weight="bold">Money lost, of 100 thefts</text>',
    '<rect x="10" y="32" width="12" height="12" fill="#b3261e"/><text x="28" y="42">within the hours of cooling-off (off: at all)</text>',
    '<rect x="300" y="32" width="12" height="12" fill="#f0b8a8"/><text x="318" y="42">later: nobody had done anything</text>',
    ...lines,
    ...bars,
    ...names,
    '</svg>',
    '',
  ].join('\n')
}

const round = (value: number) => Math.round(value * 10) / 10
