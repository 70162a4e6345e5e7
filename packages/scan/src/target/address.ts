import { BlockList, isIP } from "node:net";

/**
 * IPv4 networks that are not the public internet, from the IANA IPv4 Special-Purpose Address
 * Registry, plus multicast. Cloud metadata services are in the link-local network
 * (169.254.169.254).
 */
const SPECIAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // carrier-grade NAT
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // 6to4 relay
  ["192.168.0.0", 16], // private
  ["198.18.0.0", 15], // benchmarking
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved and broadcast
];

/**
 * Exceptions inside 2000::/3, the only IPv6 block allocated for the public internet. Some carry
 * IPv4 addresses.
 */
const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ["2001::", 23], // protocol assignments, Teredo
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4
  ["3fff::", 20], // documentation
];

const special = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) special.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, "ipv6");
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** Names that only ever refer to the local machine or network. */
const LOCAL_SUFFIXES = [
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "lan",
  "home.arpa",
  "onion",
];

/**
 * Whether an IP address is on the public internet. Everything that is not a plain public address
 * counts as private: loopback, link-local, carrier-grade NAT, unique local, multicast, and IPv6
 * forms that carry an IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, "ipv4");
    case 6:
      return (
        !address.includes("%") && globalUnicast.check(address, "ipv6") && !special.check(address, "ipv6")
      );
    default:
      return false;
  }
}

/** Whether a host name can only be local: one label, or a suffix reserved for local use. */
export function isLocalName(host: string): boolean {
  const name = host.toLowerCase();
  return (
    !name.includes(".") || LOCAL_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`))
  );
}
