package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Locale;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/** Reads the parameters of a JSON-RPC request the way a node does. */
final class RpcParams {
  /** How far the safe and the finalized block lag behind the head. */
  private static final long SAFE_LAG = 40;

  private static final long FINALIZED_LAG = 400;

  private RpcParams() {}

  /** A block number, a tag, or an object with a blockNumber; the head where nothing is given. */
  static long block(JsonNode param, long head) throws RpcFault {
    if (param.isObject()) {
      return block(param.path("blockNumber"), head);
    }
    return switch (param.asText("")) {
      case "", "null", "latest", "pending" -> head;
      case "safe" -> Math.max(0, head - SAFE_LAG);
      case "finalized" -> Math.max(0, head - FINALIZED_LAG);
      case "earliest" -> 0;
      default -> quantity(param.asText()).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    };
  }

  static Address address(JsonNode param) throws RpcFault {
    try {
      return Address.fromHex(param.asText().toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  static Bytes bytes(JsonNode param) throws RpcFault {
    try {
      return Bytes.fromHex(param.asText());
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  /** A storage position, written in full or as a short quantity. */
  static Hash32 slot(JsonNode param) throws RpcFault {
    try {
      return AbiWords.wordOf(quantity(param.asText()));
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  private static BigInteger quantity(String hex) throws RpcFault {
    try {
      if (hex.startsWith("0x") && hex.length() > 2) {
        return new BigInteger(hex.substring(2), 16);
      }
    } catch (NumberFormatException e) {
      throw invalid(e);
    }
    throw new RpcFault(RpcFault.INVALID_PARAMS, "invalid argument: not a hex quantity: " + hex);
  }

  private static RpcFault invalid(RuntimeException cause) {
    return new RpcFault(RpcFault.INVALID_PARAMS, "invalid argument: " + cause.getMessage());
  }
}
