/**
 * What every other package may use: time and the pauses between tries, secrets masked, text made
 * safe to show. Imports nothing of the project.
 */
@NullMarked
package org.mor.throughput.base;

import org.jspecify.annotations.NullMarked;
