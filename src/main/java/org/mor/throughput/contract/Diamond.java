package org.mor.throughput.contract;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

/** The calls of the LumerinDiamond at one address. */
public record Diamond(Address address) {
  /**
   * First topic of {@code DiamondCut}: the diamond's code was changed, and its events, getters and
   * ids may mean something else from that block on.
   */
  public static final Hash32 CUT_TOPIC =
      Hash32.of(keccak("DiamondCut((address,uint8,bytes4[])[],address,bytes)"));

  /**
   * Storage slot of the contract's own count of opens, which is the next nonce and which no getter
   * returns: the fourth word of the sessions' storage.
   */
  public static final Hash32 SESSION_COUNT_SLOT =
      Hash32.of(
          Numeric.toBytesPadded(
              new BigInteger(1, keccak("diamond.standard.sessions.storage"))
                  .add(BigInteger.valueOf(3)),
              Hash32.SIZE));

  /** A word of more bits cannot be a count of sessions. */
  private static final int MAX_COUNT_BITS = 40;

  /** {@code getSession(bytes32)}; decode with {@link SessionState#decode}. */
  public ContractCall session(Hash32 sessionId) {
    return byId("getSession", sessionId);
  }

  /** {@code getBid(bytes32)}; decode with {@link BidState#decode}. */
  public ContractCall bid(Hash32 bidId) {
    return byId("getBid", bidId);
  }

  /** {@code getModel(bytes32)}; decode with {@link ModelState#decode}. */
  public ContractCall model(Hash32 modelId) {
    return byId("getModel", modelId);
  }

  /** {@code getProviderSessions(address,uint256,uint256)}; decode with {@link Page#ofIds}. */
  public ContractCall providerSessions(Address provider, long offset, long limit) {
    return call("getProviderSessions", word(provider), new Uint256(offset), new Uint256(limit));
  }

  /** {@code getActiveProviders(uint256,uint256)}; decode with {@link Page#ofProviders}. */
  public ContractCall activeProviders(long offset, long limit) {
    return call("getActiveProviders", new Uint256(offset), new Uint256(limit));
  }

  /** {@code getTotalSessions(address)}; decode with {@link #number}. */
  public ContractCall totalSessions(Address provider) {
    return call("getTotalSessions", word(provider));
  }

  /** {@code getProvidersTotalClaimed()}, in wei; decode with {@link #number}. */
  public ContractCall totalClaimed() {
    return call("getProvidersTotalClaimed");
  }

  /** {@code getProviderModelStats(bytes32,address)}; see {@link ProviderModelStats#decode}. */
  public ContractCall stats(Hash32 model, Address provider) {
    return call("getProviderModelStats", new Bytes32(model.toArray()), word(provider));
  }

  /** The count in the word at {@link #SESSION_COUNT_SLOT}; 0 for a word that cannot be a count. */
  public static long sessionCount(Hash32 word) {
    BigInteger value = new BigInteger(1, word.toArray());
    return value.bitLength() > MAX_COUNT_BITS ? 0 : value.longValue();
  }

  /**
   * Decodes what a getter returns that returns one number.
   *
   * @param call names the getter and what it was asked, for the message
   * @throws org.mor.throughput.chain.ChainException.ChainContradictionException when it is no
   *     number
   */
  public static BigInteger number(Bytes data, String call) {
    return AbiReader.decode(
            call, "", data, AbiReader::ofStatic, in -> Optional.of(in.wei(0).value()))
        .orElseThrow();
  }

  private static byte[] keccak(String text) {
    return Hash.sha3(text.getBytes(StandardCharsets.US_ASCII));
  }

  private ContractCall byId(String function, Hash32 id) {
    return call(function, new Bytes32(id.toArray()));
  }

  @SuppressWarnings("rawtypes") // web3j's Function takes the raw type
  private ContractCall call(String function, Type... input) {
    return new ContractCall(
        address,
        Bytes.fromHex(FunctionEncoder.encode(new Function(function, List.of(input), List.of()))));
  }

  private static Type<String> word(Address value) {
    return new org.web3j.abi.datatypes.Address(value.toHex());
  }

  /**
   * What {@code getProviderModelStats} says of the closes of one provider's sessions with one
   * model.
   *
   * @param successCount closes that were not disputed
   * @param totalCount all closes through {@code closeSession}
   */
  public record ProviderModelStats(long successCount, long totalCount) {
    /**
     * Decodes the return data.
     *
     * @throws org.mor.throughput.chain.ChainException.ChainContradictionException when it is no
     *     such struct
     */
    public static ProviderModelStats decode(Bytes data, String about) {
      return AbiReader.decode(
              "getProviderModelStats",
              about,
              data,
              AbiReader::ofStatic,
              in -> Optional.of(new ProviderModelStats(in.number(5), in.number(6))))
          .orElseThrow();
    }
  }
}
