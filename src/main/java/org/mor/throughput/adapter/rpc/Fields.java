package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/** Values in a node's JSON; anything malformed is a contradiction that names the field. */
final class Fields {
  private static final int MAX_QUANTITY = 2 + 16;

  private final RpcClient client;

  Fields(RpcClient client) {
    this.client = client;
  }

  long quantity(JsonNode object, String field) {
    return quantityValue(object.path(field), field);
  }

  long quantityValue(JsonNode node, String what) {
    return value(node, what, Fields::parseQuantity);
  }

  Hash32 hash(JsonNode object, String field) {
    return value(object.path(field), field, Hash32::fromHex);
  }

  Hash32 hashValue(JsonNode node, String what) {
    return value(node, what, Hash32::fromHex);
  }

  Address address(JsonNode object, String field) {
    return value(object.path(field), field, Address::fromHex);
  }

  Bytes bytes(JsonNode node, String what) {
    return value(node, what, Bytes::fromHex);
  }

  /** A storage word; some nodes leave out leading zeros. */
  Hash32 word(JsonNode node, String what) {
    return value(
        node,
        what,
        text ->
            text.length() > 2 && text.length() < 2 + 2 * Hash32.SIZE && text.startsWith("0x")
                ? Hash32.fromHex("0x" + "0".repeat(66 - text.length()) + text.substring(2))
                : Hash32.fromHex(text));
  }

  BlockHeader header(JsonNode block) {
    if (!block.isObject()) {
      throw contradiction("a block is not an object");
    }
    return new BlockHeader(
        quantity(block, "number"), hash(block, "hash"), quantity(block, "timestamp"));
  }

  /** The header of the block that was asked for, and of no other. */
  BlockHeader header(long number, JsonNode block) {
    BlockHeader header = header(block);
    if (header.number() != number) {
      throw contradiction(
          "asked for block %d, answered with block %d".formatted(number, header.number()));
    }
    return header;
  }

  EndpointFailure contradiction(String detail) {
    return failure(Reaction.CONTRADICTION, detail);
  }

  EndpointFailure failure(Reaction reaction, String detail) {
    return client.failure(reaction, detail);
  }

  private <T> T value(JsonNode node, String what, Function<String, T> parser) {
    if (!node.isTextual()) {
      throw contradiction("%s is not a string but %s".formatted(what, node.getNodeType()));
    }
    try {
      return parser.apply(node.textValue());
    } catch (IllegalArgumentException e) {
      throw contradiction(
          "%s is malformed: %s".formatted(what, client.endpoint().scrub(node.textValue(), 100)));
    }
  }

  private static long parseQuantity(String text) {
    if (!text.startsWith("0x") || text.length() > MAX_QUANTITY || text.length() < 3) {
      throw new IllegalArgumentException("Not a quantity");
    }
    long number = Long.parseUnsignedLong(text, 2, text.length(), 16);
    if (number < 0) {
      throw new IllegalArgumentException("Beyond 2^63");
    }
    return number;
  }
}
