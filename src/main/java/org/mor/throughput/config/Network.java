package org.mor.throughput.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.Address;

/**
 * A deployment of the marketplace.
 *
 * @param startBlock the first block worth scanning, when it is known
 */
public record Network(
    String name, long chainId, Address diamond, Address morToken, OptionalLong startBlock) {

  private static final List<Network> KNOWN =
      List.of(
          network(
              "base",
              8453,
              "0x6aBE1d282f72B474E54527D93b979A4f64d3030a",
              "0x7431aDa8a591C955a994a21710752EF9b882b8e3",
              OptionalLong.of(39_593_197)),
          network(
              "base-sepolia",
              84_532,
              "0x6e4d0B775E3C3b02683A6F277Ac80240C4aFF930",
              "0x5C80Ddd187054E1E4aBBfFCD750498e81d34FfA3",
              OptionalLong.empty()),
          network(
              "arbitrum-one",
              42_161,
              "0xDE819AaEE474626E3f34Ef0263373357e5a6C71b",
              "0x092baadb7def4c3981454dd9c0a0d7ff07bcfc86",
              OptionalLong.of(275_843_800)),
          network(
              "arbitrum-sepolia",
              421_614,
              "0xb8C55cD613af947E73E262F0d3C54b7211Af16CF",
              "0x34a285a1b1c166420df5b6630132542923b5b27e",
              OptionalLong.of(96_950_200)));

  /** The profile of this name. */
  public static Optional<Network> named(String name) {
    return KNOWN.stream().filter(n -> n.name.equals(name)).findFirst();
  }

  /** The names there are, in the order of the documentation. */
  public static List<String> names() {
    return KNOWN.stream().map(Network::name).toList();
  }

  Network withDiamond(Address other) {
    return new Network(name, chainId, other, morToken, startBlock);
  }

  Network withStartBlock(long block) {
    return new Network(name, chainId, diamond, morToken, OptionalLong.of(block));
  }

  private static Network network(
      String name, long chainId, String diamond, String morToken, OptionalLong startBlock) {
    return new Network(
        name, chainId, Address.fromHex(diamond), Address.fromHex(morToken), startBlock);
  }
}
