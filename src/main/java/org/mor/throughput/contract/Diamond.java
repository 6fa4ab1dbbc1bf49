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

  @SuppressWarnings("rawtypes") // web3j's Function takes the raw type
  private ContractCall byId(String function, Hash32 id) {
    List<Type> input = List.of(new Bytes32(id.toArray()));
    return new ContractCall(
        address, Bytes.fromHex(FunctionEncoder.encode(new Function(function, input, List.of()))));
  }
}
