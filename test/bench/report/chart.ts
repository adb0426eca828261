// A bar chart as SVG, drawn by hand: groups of horizontal bars on a logarithmic scale, readable on light
// and dark paper. Pure: figures in, text out.

export type BarChart = {
  readonly title: string
  /** What the numbers are, for the title and for readers of the alternative text. */
  readonly unit: string
  readonly series: readonly string[]
  readonly groups: readonly {
    readonly label: string
    /** One for each series; null where nothing was measured. */
    readonly values: readonly (number | null)[]
  }[]
  /** Lines across all bars: what is promised. */
  readonly marks?: readonly { readonly value: number; readonly label: string }[]
}

const WIDTH = 760
const LABEL_WIDTH = 210
const VALUE_WIDTH = 70
const BAR_HEIGHT = 12
const BAR_GAP = 2
const GROUP_GAP = 10
const HEAD_HEIGHT = 62
const FOOT_HEIGHT = 26
const PLOT_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH

/** Told apart by lightness too, for eyes and printers without colour. */
const LIGHT = ['#9ec9f5', '#3584d6', '#123a6b', '#d9822b']
const DARK = ['#1f4b7d', '#5aa5f0', '#cfe4fb', '#f0a24e']

export function drawBarChart(chart: BarChart): string {
  const values = chart.groups.flatMap(({ values: own }) => own.filter((value) => value !== null))
  const marks = chart.marks ?? []
  const top = Math.max(10, ...values, ...marks.map(({ value }) => value))
  const lowest = Math.min(1, ...values.filter((value) => value > 0))
  const scale = logScale(10 ** Math.floor(Math.log10(lowest)), top * 1.15)
  const groupHeight = chart.series.length * (BAR_HEIGHT + BAR_GAP) + GROUP_GAP
  const height = HEAD_HEIGHT + chart.groups.length * groupHeight + FOOT_HEIGHT
  const bottom = height - FOOT_HEIGHT
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(`${chart.title}, ${chart.unit}`)}">
${style(chart.series.length)}
<text class="title" x="0" y="16">${escapeXml(chart.title)}</text>
${legend(chart)}
${scale.ticks.map((tick) => axis(LABEL_WIDTH + scale.at(tick), bottom, short(tick))).join('\n')}
${chart.groups.map((group, index) => bars(group, HEAD_HEIGHT + index * groupHeight, scale)).join('\n')}
${marks.map(({ value, label }) => mark(LABEL_WIDTH + scale.at(value), bottom, label)).join('\n')}
</svg>
`
}

type Scale = { readonly at: (value: number) => number; readonly ticks: readonly number[] }

/** `from` is a power of ten. */
function logScale(from: number, to: number): Scale {
  const decades = Math.log10(to / from)
  const ticks: number[] = []
  for (let tick = from; tick <= to; tick *= 10) ticks.push(tick)
  return {
    ticks,
    at: (value) => (Math.log10(Math.max(value, from) / from) / decades) * PLOT_WIDTH,
  }
}

function style(series: number): string {
  const fills = (colours: readonly string[]) =>
    // A lone series gets the colour that stands out most.
    (series === 1 ? colours.slice(1) : colours)
      .slice(0, series)
      .map((colour, index) => `.s${index}{fill:${colour}}`)
      .join('')
  return `<style>text{font:12px system-ui,sans-serif;fill:#1c2733}.title{font-weight:600;font-size:14px}.small{font-size:11px;fill:#5a6773}.axis{stroke:#d4dae0}.mark{stroke:#b3261e;stroke-dasharray:4 3}.marked{font-size:11px;fill:#b3261e}${fills(LIGHT)}@media (prefers-color-scheme:dark){text{fill:#e6ebf0}.small{fill:#9aa7b3}.axis{stroke:#3a444e}.mark{stroke:#ff8a80}.marked{fill:#ff8a80}${fills(DARK)}}</style>`
}

function legend({ series, unit }: BarChart): string {
  let x = 0
  const entries = series.map((name, index) => {
    const entry = `<rect class="s${index}" x="${x}" y="25" width="10" height="10"/><text class="small" x="${x + 14}" y="34">${escapeXml(name)}</text>`
    x += 30 + name.length * 6.5
    return entry
  })
  return `${entries.join('')}<text class="small" x="${x}" y="34">${escapeXml(unit)}, logarithmic</text>`
}

function axis(x: number, bottom: number, label: string): string {
  const at = x.toFixed(1)
  return `<line class="axis" x1="${at}" x2="${at}" y1="${HEAD_HEIGHT - 6}" y2="${bottom}"/><text class="small" x="${at}" y="${bottom + 15}" text-anchor="middle">${label}</text>`
}

function mark(x: number, bottom: number, label: string): string {
  const at = x.toFixed(1)
  return `<line class="mark" x1="${at}" x2="${at}" y1="${HEAD_HEIGHT - 6}" y2="${bottom}"/><text class="marked" x="${at}" y="${HEAD_HEIGHT - 10}" text-anchor="middle">${escapeXml(label)}</text>`
}

function bars(group: BarChart['groups'][number], top: number, scale: Scale): string {
  const middle = top + (group.values.length * (BAR_HEIGHT + BAR_GAP)) / 2 + 3
  const label = `<text x="${LABEL_WIDTH - 8}" y="${middle}" text-anchor="end">${escapeXml(group.label)}</text>`
  const drawn = group.values.map((value, index) => {
    const y = top + index * (BAR_HEIGHT + BAR_GAP)
    if (value === null) return `<text class="small" x="${LABEL_WIDTH + 4}" y="${y + 10}">–</text>`
    const width = Math.max(1, scale.at(value))
    return `<rect class="s${index}" x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}"/><text class="small" x="${(LABEL_WIDTH + width + 4).toFixed(1)}" y="${y + 10}">${short(value)}</text>`
  })
  return label + drawn.join('')
}

/** 12,345 as people write it; small numbers with the digits that count. */
function short(value: number): string {
  return value >= 10 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)))
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
