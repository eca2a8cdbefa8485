/**
 * Proofs on real processes.
 */
@NullMarked
package io.backgroundjobs.process;

import org.jspecify.annotations.NullMarked;
