/**
 * What an application's tests need to own the time of its jobs.
 */
@NullMarked
package io.backgroundjobs.test;

import org.jspecify.annotations.NullMarked;
