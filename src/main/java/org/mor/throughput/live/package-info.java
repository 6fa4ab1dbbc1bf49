/**
 * Streams the market's events as they happen, over WebSocket and Server-Sent Events, with resume
 * across restarts. One thread follows the chain, one hands messages to the clients. Nothing but the
 * command line knows of this package.
 */
@NullMarked
package org.mor.throughput.live;

import org.jspecify.annotations.NullMarked;
