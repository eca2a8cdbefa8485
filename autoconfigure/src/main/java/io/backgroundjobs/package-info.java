/**
 * The nouns: interfaces, annotations, records and exceptions that an application uses.
 */
@NullMarked
package io.backgroundjobs;

import org.jspecify.annotations.NullMarked;
