/**
 * Pools, runs, ticks and the drain: how the nouns work.
 */
@NullMarked
package io.backgroundjobs.engine;

import org.jspecify.annotations.NullMarked;
