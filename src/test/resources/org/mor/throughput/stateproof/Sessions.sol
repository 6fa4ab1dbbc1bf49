// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

contract Sessions {
    struct Bid { address provider; bytes32 modelId; uint256 pricePerSecond; uint256 nonce; uint128 createdAt; uint128 deletedAt; }
    struct Session {
        address user; bytes32 bidId; uint256 stake; bytes closeoutReceipt; uint256 closeoutType;
        uint256 providerWithdrawnAmount; uint128 openedAt; uint128 endsAt; uint128 closedAt; bool isActive; bool isDirectPaymentFromUser;
    }
    struct Model { bytes32 ipfsCID; uint256 fee; uint256 stake; address owner; string name; string[] tags; uint128 createdAt; bool isDeleted; }
    struct SessionsStorage { address fundingAccount; uint256 unused; uint256 providersTotalClaimed; uint256 sessionNonce; mapping(bytes32 => Session) sessions; }
    struct BidsStorage { address token; mapping(bytes32 => Bid) bids; }

    event SessionOpened(address indexed user, bytes32 indexed sessionId, address indexed providerId);
    event SessionClosed(address indexed user, bytes32 indexed sessionId, address indexed providerId);

    function sessionsStorage() private pure returns (SessionsStorage storage s) {
        bytes32 slot = keccak256("diamond.standard.sessions.storage");
        assembly { s.slot := slot }
    }
    function bidsStorage() private pure returns (BidsStorage storage s) {
        bytes32 slot = keccak256("diamond.standard.bids.storage");
        assembly { s.slot := slot }
    }

    function postBid(address provider, bytes32 modelId, uint256 price, uint256 nonce) external {
        bytes32 id = keccak256(abi.encodePacked(provider, modelId, nonce));
        bidsStorage().bids[id] = Bid(provider, modelId, price, nonce, uint128(block.timestamp), 0);
    }
    function open(address user, bytes32 bidId, uint256 stake, uint128 duration, bool direct) external {
        SessionsStorage storage s = sessionsStorage();
        address provider = bidsStorage().bids[bidId].provider;
        bytes32 id = keccak256(abi.encodePacked(user, provider, bidId, s.sessionNonce++));
        s.sessions[id] = Session(user, bidId, stake, "", 0, 0, uint128(block.timestamp), uint128(block.timestamp) + duration, 0, true, direct);
        emit SessionOpened(user, id, provider);
    }
    function close(bytes32 id, bytes calldata receipt, uint256 closeoutType, uint256 paid) external {
        SessionsStorage storage s = sessionsStorage();
        Session storage x = s.sessions[id];
        x.closeoutReceipt = receipt; x.closeoutType = closeoutType; x.closedAt = uint128(block.timestamp); x.isActive = false;
        x.providerWithdrawnAmount += paid; s.providersTotalClaimed += paid;
        emit SessionClosed(x.user, id, bidsStorage().bids[x.bidId].provider);
    }
    function claim(bytes32 id, uint256 paid) external {
        sessionsStorage().sessions[id].providerWithdrawnAmount += paid; sessionsStorage().providersTotalClaimed += paid;
    }
    function getSession(bytes32 id) external view returns (Session memory) { return sessionsStorage().sessions[id]; }
    function getBid(bytes32 id) external view returns (Bid memory) { return bidsStorage().bids[id]; }
    function getModel(bytes32) external view returns (Model memory m) { m.name = "model"; m.tags = new string[](0); m.createdAt = 1; }
    function getProvidersTotalClaimed() external view returns (uint256) { return sessionsStorage().providersTotalClaimed; }
}
