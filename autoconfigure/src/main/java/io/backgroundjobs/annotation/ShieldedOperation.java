package io.backgroundjobs.annotation;

import java.lang.reflect.Method;

import org.springframework.util.StringValueResolver;

import io.backgroundjobs.JobOptions;
import io.backgroundjobs.Shielded;

/**
 * What a {@link Shielded @Shielded} says, read and checked once.
 *
 * @param options the name of the job, shielded
 * @param completion when the method's work is done
 */
record ShieldedOperation(JobOptions options, Completion completion) {

	/**
	 * Read the annotation of a method.
	 * @param method the method, as the bean's class has it
	 * @param beanName the bean
	 * @param resolver resolves placeholders
	 * @return the operation
	 * @throws io.backgroundjobs.JobConfigurationException if it cannot work
	 */
	static ShieldedOperation read(Method method, String beanName, StringValueResolver resolver) {
		Shielded shielded = JobAnnotations.require(method, Shielded.class);
		JobPlace place = JobPlace.method(Shielded.class, method, beanName);
		JobOptions options = new JobAttributes(place, resolver).options(shielded.name(),
				beanName + "." + method.getName());
		return new ShieldedOperation(options.shielded(), ShieldedReturnType.completion(method, place));
	}

	/**
	 * When the work of a method is done.
	 */
	enum Completion {

		/**
		 * When the method returns.
		 */
		RETURN,

		/**
		 * When the stage that it returns completes.
		 */
		STAGE,

		/**
		 * When the publisher of one value that it returns completes.
		 */
		PUBLISHER

	}

}
