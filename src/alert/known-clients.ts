// The names a client can be called by in our texts and pages: a closed vocabulary. A User-Agent header is free text
// of whoever logs in, so no word of it is ever repeated; it only chooses among these. Names have at most 16
// characters, and those of clients differ in the first twelve, which is what an SMS of some scripts has room for.

export type NamedPattern = readonly [RegExp, string]

/** Programs that open the header with their own product: what a person at a browser does not send. */
export const PROGRAMS: readonly NamedPattern[] = [
  [/^curl\//i, 'curl'],
  [/^wget\//i, 'Wget'],
  [/^(?:python|aiohttp|httpx|scrapy)\b/i, 'Python script'],
  [/^(?:axios|node|node-fetch|undici|got|bun)\b/i, 'Node script'],
  [/^go-http-client\//i, 'Go program'],
  [/^(?:java|apache-httpclient|jakarta)\b/i, 'Java program'],
  [/^(?:guzzlehttp|php)\b/i, 'PHP script'],
  [/^(?:libwww-perl|lwp)\b/i, 'Perl script'],
  [/^(?:ruby|faraday)\b/i, 'Ruby script'],
  [/^postmanruntime\//i, 'Postman'],
  [/^insomnia\//i, 'Insomnia'],
  [/^outlook-(?:ios|android)\//i, 'Outlook'],
]

/** Anything else that opens with a product and a version is some app's own HTTP client. */
export const APP = 'app'

/** Browsers and apps that show pages, by a token of their own. The first that fits is taken. */
export const CLIENTS: readonly NamedPattern[] = [
  [
    /\b(?:RuxitSynthetic|Google-InspectionTool|Chrome-Lighthouse|PTST|PingdomTMS)\b|\(StatusCake\)/,
    'bot',
  ],
  [/(?:bot|crawler|spider)\/\d/i, 'bot'],
  [/HeadlessChrome/i, 'Headless Chrome'],

  // Apps with a view of the web inside; before the browsers whose engine they name.
  [/\bFB_IAB\/MESSENGER|\bFBAN\/Messenger/i, 'Messenger'],
  [/\bFBA[NV]\//, 'Facebook app'],
  [/\bInstagram\b/, 'Instagram app'],
  [/\bLine\/\d/, 'LINE app'],
  [/\b(?:BytedanceWebview\b|musical_ly|trill_\d)/i, 'TikTok app'],
  [/\bTelegram-/, 'Telegram app'],
  [/\bKAKAOTALK\b/i, 'KakaoTalk'],
  [/\bMicroMessenger\/|\bWindowsWechat\b/, 'WeChat'],
  [/\bTwitter(?:Android|\b)/, 'Twitter app'],
  [/\bWeibo/, 'Weibo'],
  [/\bAlipayClient\b/, 'Alipay'],
  [/\bDingTalk\//, 'DingTalk'],
  [/\bSnapchat\b/, 'Snapchat'],
  [/\bPinterest\b/, 'Pinterest'],
  [/\bLinkedInApp\b/, 'LinkedIn'],
  [/\bWhatsApp\//, 'WhatsApp'],
  [/\bViber\b/, 'Viber'],
  [/\bZalo\b/, 'Zalo'],
  [/\bTopBuzz\b/, 'TopBuzz'],
  [/\bMetaMaskMobile\b/, 'MetaMask'],
  [/\bPhantom\/(?:ios|android)\b/, 'Phantom'],
  [/\bimToken\//, 'imToken'],
  [/\bTokenPocket\b/, 'TokenPocket'],
  [/\bTeams\/\d/, 'Teams'],
  [/\bSlack(?:_SSB)?\/\d/, 'Slack'],
  [/\bValve (?:Steam\b|Client\/)/, 'Steam'],
  [/\bAdobeCEP\//, 'Adobe app'],
  [/\bOBS\/\d/, 'OBS'],
  [/\bGSA\/\d/, 'Google app'],
  [/\bYaApp_|\bYandexSearch\//, 'Yandex app'],

  // Browsers that name another one's engine beside themselves.
  [/\bOPX\/|\bOPRGX\//, 'Opera GX'],
  [/\bOpera Mini\/|\bOPiOS\//, 'Opera Mini'],
  [/\bOP[RT]\//, 'Opera'],
  [/\bYa(?:Search)?Browser\//, 'Yandex Browser'],
  [/\b(?:UC ?Browser|UCMobile|UCWEB|UBrowser)\b/, 'UC Browser'],
  [/\bQuark(?:PC)?\//, 'Quark'],
  [/\b(?:DuckDuckGo|Ddg)\/\d/, 'DuckDuckGo'],
  [/\(Ecosia /, 'Ecosia'],
  [/\bBrave\b|\bbrave\/\d/, 'Brave'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bAvast(?:SecureBrowser)?\//, 'Avast Browser'],
  [/\bAVG\//, 'AVG Browser'],
  [/\bAvira\//, 'Avira Browser'],
  [/\bNorton\//, 'Norton Browser'],
  [/\bCCleaner\//, 'CCleaner Browser'],
  [/\bAlohaBrowser\//, 'Aloha'],
  [/\bABB\/\d/, 'Adblock Browser'],
  [/\b(?:bd)?HonorBrowser\//i, 'Honor Browser'],
  [/HuaweiBrowser/i, 'Huawei Browser'],
  [/\b(?:Miui|Mint ?)Browser\//i, 'Mi Browser'],
  [/\bVivoBrowser\//i, 'Vivo Browser'],
  [/\bHeyTapBrowser\//i, 'HeyTap Browser'],
  [/\bHiBrowser\//i, 'Hi Browser'],
  [/\bSLBrowser\/|\bMobileLenovoBrowser\//, 'Lenovo Browser'],
  [/\bMZBrowser\//, 'Meizu Browser'],
  [/\bOppoBrowser\//i, 'OPPO Browser'],
  [/\bJioSphere\//, 'JioSphere'],
  [/\bPiBrowser\//, 'Pi Browser'],
  [/\bKiwi\b/, 'Kiwi'],
  [/\bTeslaBrowser\/|\bTesla\/\d/, 'Tesla'],
  [/\bOculusBrowser\//, 'Quest Browser'],
  [/\bPicoBrowser\//, 'Pico Browser'],
  [/\bPHX\/\d/, 'Phoenix'],
  [/\bInstabridge\//, 'Instabridge'],
  [/\bMQQBrowser\//, 'QQ Browser'],
  [/\bQQ\/\d/, 'QQ'],
  [/\bbaiduboxapp\/|\bbaidubrowser|\bBIDUBrowser\b/i, 'Baidu'],
  [/\bSogou|\bMetaSr\b/i, 'Sogou'],
  [/\bQIHU 360|\b360(?:SE|EE)\b|\bQHBrowser\//, '360 Browser'],
  [/\b115Browser\//, '115 Browser'],
  [/\bMaxthon\b/i, 'Maxthon'],
  [/\bcoc_coc_browser\//i, 'Coc Coc'],
  [/\bWhale\//, 'Whale'],
  [/\bNAVER\(/, 'NAVER app'],
  [/\bSznProhlizec\//, 'Seznam'],
  [/\bSberBrowser\//, 'Sber Browser'],
  [/\bAtom\/\d/, 'Atom'],
  [/\bPuffin\//, 'Puffin'],
  [/\bSilk\//, 'Amazon Silk'],
  [/\bSleipnir\//, 'Sleipnir'],
  [/\bCravingExplorer\//, 'Craving Explorer'],
  [/\bDecentr\b/, 'Decentr'],
  [/\bSparrow\b/, 'Sparrow'],
  [/\bChromium GOST\b/, 'Chromium'],
  [/\bAOLShield\/|\bADG\/\d/, 'AOL Browser'],
  [/\bHola\/\d/, 'Hola'],
  [/\bTalon\b/, 'Talon'],
  [/\bQaxbrowser\b/i, 'QAX Browser'],
  [/\bJiSu\//, 'JiSu'],
  [/\bOpenWave\//, 'OpenWave'],
  [/\bLite Browser\//, 'Lite Browser'],
  [/\bLadybird\//, 'Ladybird'],
  [/\bWolvic\//, 'Wolvic'],
  [/\bMypal\//, 'Mypal'],
  [/\bWaterfox\//, 'Waterfox'],
  [/\bLibreWolf\//, 'LibreWolf'],
  [/\bPaleMoon\//, 'Pale Moon'],
  [/\bSeaMonkey\//, 'SeaMonkey'],
  [/\b(?:Focus|Klar)\/\d/, 'Focus'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bTrident\/|\bMSIE \d/, 'IE'],
  [/\bOMI\/\d|\bVewd\b/i, 'Vewd'],
  [/\bSMART-TV\b|\bSmartTV\b|\bNetCast\b|\bWeb0S\b|\bHbbTV\b|\bCrKey\/|\bOdin\//, 'TV browser'],

  // Chromium inside a program for desktops.
  [/\b(?:Electron|CEF|QtWebEngine|CitizenFX|R2Client)\/\d/, 'desktop app'],

  // Last, since all of the above say it too; before the parser, which takes phones named Phantom for their namesakes.
  [/\b(?:Firefox|FxiOS)\/\d/, 'Firefox'],
  [/\b(?:Chrome|CriOS)\/\d/, 'Chrome'],
]

/** What the parser calls a browser, for those that need no token above; any other word of its is not taken. */
export const PARSED_BROWSERS: ReadonlyMap<string, string> = new Map([
  ['Chromium', 'Chromium'],
  ['Safari', 'Safari'],
  ['Android Browser', 'Android browser'],
  ['BlackBerry', 'BlackBerry'],
  ['Epiphany', 'GNOME Web'],
  ['Google Search', 'Google app'],
  ['K-Meleon', 'K-Meleon'],
  ['Opera', 'Opera'],
  ['QupZilla', 'QupZilla'],
  ['Sailfish', 'Sailfish'],
  ['Tizen', 'TV browser'],
  ['WebOS Browser', 'TV browser'],
  ['Roku', 'TV browser'],
])

/** Browsers that an app's view of the web calls itself by. */
export const BENEATH_A_WEB_VIEW: ReadonlySet<string> = new Set([
  'Chrome',
  'Chromium',
  'Android browser',
  'Safari',
])

/** What the parser knows as a crawler. */
export const PARSED_BOT = /bot\b|crawler|spider|slurp|external|-user$|diffbot|webindexer/i

/** Systems; the first that fits is taken. Macs and iPads, which pose as each other, are told apart before. */
export const SYSTEMS: readonly NamedPattern[] = [
  [/HarmonyOS|OpenHarmony/i, 'HarmonyOS'],
  [/\bwatchOS\b/i, 'watchOS'],
  [/\btvOS\b|\bApple ?TV\b/i, 'tvOS'],
  [/\bvisionOS\b/i, 'visionOS'],
  [/\bWindows Phone\b|\bIEMobile\b/, 'Windows Phone'],
  [/\biPad(?:OS|\b)/, 'iPadOS'],
  [/\biPhone\b|\biPod\b|(?<!like )\biOS\b/, 'iOS'],
  [/\bKAIOS\b/i, 'KaiOS'],
  [/\bTizen\b/, 'Tizen'],
  [/\bWeb0S\b|\bwebOS\b/i, 'webOS'],
  [/\bCrKey\//, 'Chromecast'],
  [/\bXbox\b/, 'Xbox'],
  [/\bPlayStation\b/i, 'PlayStation'],
  [/\bNintendo\b/, 'Nintendo'],
  [/\bRoku\b/, 'Roku'],
  [/\bCrOS\b/, 'Chrome OS'],
  [/\bFuchsia\b/, 'Fuchsia'],
  [/\bAndr[o0]id\b|\bDalvik\/|\bOculusBrowser\/|-Android\/|^okhttp\//, 'Android'],
  [/\bBlackBerry\b|\bBB10\b/, 'BlackBerry'],
  [/\bSailfish\b/, 'Sailfish OS'],
  [/\bWindows|\bWin(?:32|64)\b/, 'Windows'],
  [/\bLinux\b|\bUbuntu\b|\bFedora\b/, 'Linux'],
  [/\b(?:Free|Open|Net)BSD\b/, 'BSD'],
]

/** An Apple system that an app's header tells no more of: iPhones, iPads and Macs send the same one. */
export const SOME_APPLE_SYSTEM = 'iOS/macOS'

export const APPLE_SYSTEMS = ['macOS', 'iPadOS', 'Mac or iPad', SOME_APPLE_SYSTEM] as const

/** Every name there is, for the tests that hold the vocabulary closed. */
export const CLIENT_NAMES: ReadonlySet<string> = new Set([
  APP,
  'bot',
  ...[...PROGRAMS, ...CLIENTS].map(([, name]) => name),
  ...PARSED_BROWSERS.values(),
])
export const SYSTEM_NAMES: ReadonlySet<string> = new Set([
  ...SYSTEMS.map(([, name]) => name),
  ...APPLE_SYSTEMS,
])
