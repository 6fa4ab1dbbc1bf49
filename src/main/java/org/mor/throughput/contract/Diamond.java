package org.mor.throughput.contract;

import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;

/** The calls of the LumerinDiamond at one address. */
public record Diamond(Address address) {
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

  /** {@code getTotalSessions(address)}; decode with {@link Uint}. */
  public ContractCall totalSessions(Address provider) {
    return call("getTotalSessions", word(provider));
  }

  /** {@code getProvidersTotalClaimed()}, in wei; decode with {@link Uint}. */
  public ContractCall totalClaimed() {
    return call("getProvidersTotalClaimed");
  }

  /** {@code getProviderModelStats(bytes32,address)}; see {@link ProviderModelStats#decode}. */
  public ContractCall stats(Hash32 model, Address provider) {
    return call("getProviderModelStats", new Bytes32(model.toArray()), word(provider));
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
}
