// Data-centre networks known by name, and those the words of a name would get wrong. Judgement
// kept as data: each entry is open to correction.

/** AS numbers whose organisation name alone would not say it, with the name shown. */
export const HOSTING_NUMBERS: ReadonlyMap<number, string> = new Map([
  [396982, 'Google Cloud'],
  [3598, 'Microsoft'],
  [63949, 'Akamai (Linode)'],
  [37963, 'Alibaba Cloud'],
  [45102, 'Alibaba Cloud'],
  [136907, 'Huawei Cloud'],
  [141180, 'Huawei Cloud'],
  [55990, 'Huawei Cloud'],
  [45090, 'Tencent Cloud'],
  [132203, 'Tencent Cloud'],
  [132591, 'Tencent Cloud'],
  [202425, 'IP Volume'],
  [20473, 'Vultr'],
  [23724, 'China Telecom IDC'],
  [58519, 'China Telecom Cloud'],
  [58593, 'Azure China (21Vianet)'],
  [39351, 'Mullvad (31173)'],
  [13238, 'Yandex'],
])

/** Beginnings of organisation names, with the name shown. The first that fits is taken. */
export const HOSTING_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^amazon\b/, 'Amazon'],
  [/^google cloud/, 'Google Cloud'],
  [/^google\b(?! fiber)/, 'Google'],
  [/^microsoft\b/, 'Microsoft Azure'],
  [/^hetzner/, 'Hetzner'],
  [/^ovh\b/, 'OVH'],
  [/^digitalocean/, 'DigitalOcean'],
  [/^oracle\b/, 'Oracle Cloud'],
  [/^ibm cloud/, 'IBM Cloud'],
  [/^akamai\b/, 'Akamai'],
  [/^cloudflare\b/, 'Cloudflare'],
  [/^fastly\b/, 'Fastly'],
  [/^alibaba\b/, 'Alibaba Cloud'],
  [/tencent cloud/, 'Tencent Cloud'],
  [/^huawei cloud/, 'Huawei Cloud'],
  [/^byteplus/, 'BytePlus'],
  [/volcano engine/, 'Volcano Engine'],
  [/^beijing baidu/, 'Baidu'],
  [/kingsoft cloud/, 'Kingsoft Cloud'],
  [/\bucloud\b/, 'UCloud'],
  [/^naver (?:cloud|business)/, 'Naver Cloud'],
  [/^nhn ?(?:cloud|techorus)/, 'NHN Cloud'],
  [/^kt cloud/, 'KT Cloud'],
  [/^sakura internet/, 'Sakura Internet'],
  [/^gmo internet/, 'GMO Internet'],
  [/^idc frontier/, 'IDC Frontier'],
  [/^leaseweb/, 'Leaseweb'],
  [/^m247/, 'M247'],
  [/^datacamp/, 'Datacamp'],
  [/^packethub/, 'PacketHub'],
  [/^proton ag/, 'Proton'],
  [/^contabo/, 'Contabo'],
  [/^scaleway/, 'Scaleway'],
  [/^ionos/, 'IONOS'],
  [/^strato ag/, 'Strato'],
  [/^netcup/, 'netcup'],
  [/^myloc managed|^wiit ag/, 'myLoc'],
  [/^plusserver/, 'PlusServer'],
  [/^keyweb/, 'Keyweb'],
  [/^rackspace/, 'Rackspace'],
  [/^godaddy/, 'GoDaddy'],
  [/^namecheap/, 'Namecheap'],
  [/^unified layer/, 'Unified Layer'],
  [/^liquid web/, 'Liquid Web'],
  [/^inmotion/, 'InMotion Hosting'],
  [/^hostinger/, 'Hostinger'],
  [/^hostroyale/, 'HostRoyale'],
  [/^hostpapa/, 'HostPapa'],
  [/^interserver/, 'Interserver'],
  [/^zenlayer/, 'Zenlayer'],
  [/^hivelocity/, 'Hivelocity'],
  [/^eonix/, 'Eonix'],
  [/^psychz/, 'Psychz'],
  [/^quickpacket/, 'QuickPacket'],
  [/^limestone networks/, 'Limestone Networks'],
  [/^sharktech/, 'Sharktech'],
  [/^performive/, 'Performive'],
  [/^internap/, 'Internap'],
  [/^flexential/, 'Flexential'],
  [/^equinix/, 'Equinix'],
  [/^digital realty/, 'Digital Realty'],
  [/^telehouse/, 'Telehouse'],
  [/^hurricane electric/, 'Hurricane Electric'],
  [/^nocix/, 'Nocix'],
  [/^frantech/, 'FranTech'],
  [/^tzulo/, 'tzulo'],
  [/^b2 net solutions/, 'B2 Net Solutions'],
  [/^it7 networks/, 'IT7 Networks'],
  [/^clouvider/, 'Clouvider'],
  [/^hydra communications/, 'Hydra Communications'],
  [/^private layer/, 'Private Layer'],
  [/^privatesystems networks/, 'PrivateSystems'],
  [/^blix solutions/, 'Blix'],
  [/^glesys/, 'GleSYS'],
  [/^xtom\b/, 'xTom'],
  [/^worldstream/, 'WorldStream'],
  [/^nforce/, 'NForce'],
  [/^g-core/, 'Gcore'],
  [/^voxility/, 'Voxility'],
  [/^latitude\.sh/, 'Latitude.sh'],
  [/^maxihost/, 'Latitude.sh'],
  [/^packet host/, 'Equinix'],
  [/^fly\.io/, 'Fly.io'],
  [/^railway$/, 'Railway'],
  [/^bunny (?:comm|tech)/, 'Bunny'],
  [/^cachefly/, 'CacheFly'],
  [/^limelight/, 'Limelight'],
  [/^cdnetworks/, 'CDNetworks'],
  [/^(?:incapsula|imperva)/, 'Imperva'],
  [/^sucuri/, 'Sucuri'],
  [/^ddos-guard/, 'DDoS-Guard'],
  [/^link11/, 'Link11'],
  [/^zscaler/, 'Zscaler'],
  [/^netskope/, 'Netskope'],
  [/^kamatera/, 'Kamatera'],
  [/^upcloud/, 'UpCloud'],
  [/^aruba s\.p\.a/, 'Aruba'],
  [/^infomaniak/, 'Infomaniak'],
  [/^gandi\b/, 'Gandi'],
  [/^ikoula/, 'Ikoula'],
  [/^combell/, 'Combell'],
  [/^locaweb/, 'Locaweb'],
  [/^axarnet/, 'Axarnet'],
  [/^e2e networks/, 'E2E Networks'],
  [/^ctrls\b/, 'CtrlS'],
  [/^yotta (?:network|data)/, 'Yotta'],
  [/^leapswitch/, 'LeapSwitch'],
  [/selectel/, 'Selectel'],
  [/timeweb/, 'Timeweb'],
  [/reg\.ru\b/, 'Reg.ru'],
  [/^beget\b/, 'Beget'],
  [/^aeza\b/, 'Aeza'],
  [/^yandex\.cloud/, 'Yandex Cloud'],
  [/^ip volume/, 'IP Volume'],
  [/^(?:ipxo)\b/, 'IPXO'],
  [/^(?:sprious|blazing seo)/, 'Sprious'],
  [/^oxylabs/, 'Oxylabs'],
  [/^kaopu/, 'Kaopu Cloud'],
  [/^ntt global data cent/, 'NTT Data Centers'],
  [/^estruxture/, 'eStruxture'],
  [/^host europe/, 'Host Europe'],
  [/^chinanet .*cloud/, 'China Telecom Cloud'],
  [/^chinanet .*\bidc\b|^chinanet .*data center|^chinatelecom .*\bidc\b/, 'China Telecom IDC'],
  [/^whg hosting/, 'WHG Hosting'],
  [/^dreamhost|^new dream network/, 'DreamHost'],
  [/^green floid/, 'Green Floid'],
  [/synlinq/, 'SYNLINQ'],
  [/interneto vizija/, 'Interneto vizija'],
  [/^(?:llc )?baxet/, 'Baxet'],
  [/^transip/, 'TransIP'],
  [/^ace data cent/, 'Ace Data Centers'],
]

/**
 * AS numbers that are no data centre to us whatever their name: providers whose lines reach homes,
 * offices and phones, and companies that run a data centre for themselves.
 */
export const NOT_HOSTING_NUMBERS: ReadonlySet<number> = new Set([
  174, // Cogent
  3320, // Deutsche Telekom
  7018, // AT&T
  8881, // 1&1 Versatel
  2519, // ARTERIA Networks
  16591, // Google Fiber
  37611, // Afrihost, access provider
  41012, // The Cloud, public Wi-Fi
  39834, // Fiberhost, access network
  19842, // Colosseum Online, access provider
  37273, // Bandwidth and Cloud Services, carrier
  394233, // Cloudwifi, access provider
  31472, // VoiceHost, telephony
  212174, // Jola, mobile data
  199448, // Babble, office telephony
  22168, // Shadowserver
  10975, // an insurer's own data centre
  19646, // an agency's own data centre
  10661, // Steadfast Financial
  27683, // VPN de Mexico, access provider
  263097, // VPN Infraestrutura, access provider
])
