/**
 * What both applications have: work that writes a row, and files that outlive a process.
 */
@NullMarked
package io.backgroundjobs.process.work;

import org.jspecify.annotations.NullMarked;
