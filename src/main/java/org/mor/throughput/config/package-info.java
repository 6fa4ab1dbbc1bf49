/**
 * The configuration: every variable, its default and its check, from the environment or a file. May
 * import what its values are made of; reads no clock and no network.
 */
@NullMarked
package org.mor.throughput.config;

import org.jspecify.annotations.NullMarked;
