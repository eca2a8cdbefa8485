package io.backgroundjobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Holds several {@link PeriodicJob @PeriodicJob} annotations of one element.
 *
 * @since 1.0.0
 */
@Target({ ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface PeriodicJobs {

	/**
	 * The annotations.
	 * @return the annotations; each needs a name
	 */
	PeriodicJob[] value();

}
