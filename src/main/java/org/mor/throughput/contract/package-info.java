/**
 * The LumerinDiamond's ABI: its two session events, the calls that read a session, its bid and its
 * model, and the closeout receipt a session leaves behind. May import {@code chain}.
 */
@NullMarked
package org.mor.throughput.contract;

import org.jspecify.annotations.NullMarked;
