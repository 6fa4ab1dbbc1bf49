/**
 * What the server was asked: counted in memory, kept in SQLite, shown to whoever has the token.
 * Nothing here can stop or hold up serving. May import {@code serve}, {@code config} and {@code
 * base}.
 */
@NullMarked
package org.mor.throughput.telemetry;

import org.jspecify.annotations.NullMarked;
