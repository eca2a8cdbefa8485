package io.backgroundjobs.annotation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ReflectionUtils;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.engine.StoredJobType;

/**
 * Calls a durable method through its bean's proxy, so that all other advice applies. The
 * call is marked on its thread, and the advice that spawns, which it meets first, lets it
 * through.
 */
final class StoredMethodBody implements StoredJobType.Body {

	/** The name of the job, until its call has met the advice. */
	private static final ThreadLocal<@Nullable String> calling = new ThreadLocal<>();

	private final JobBean bean;

	private final Method method;

	private final String name;

	/**
	 * Create a body.
	 * @param bean the bean; created when the first job runs, if it is lazy
	 * @param method the method, as the bean's class has it
	 * @param name the name of the job
	 */
	StoredMethodBody(JobBean bean, Method method, String name) {
		this.bean = bean;
		this.method = method;
		this.name = name;
	}

	@Override
	public @Nullable Object run(List<@Nullable Object> arguments, JobContext context) throws Exception {
		Object target = this.bean.get();
		Method invocable = AopUtils.selectInvocableMethod(this.method, target.getClass());
		ReflectionUtils.makeAccessible(invocable);
		calling.set(this.name);
		try {
			return invocable.invoke(target, JobContextParameters.with(this.method, arguments, context));
		}
		catch (InvocationTargetException ex) {
			throw MethodBody.asException(ex.getTargetException());
		}
		finally {
			calling.remove();
		}
	}

	/**
	 * Whether the current call comes from the body of a job. Its own calls of the same
	 * method do not.
	 * @param name the name of the job
	 * @return whether to go on to the bean
	 */
	static boolean isCalling(String name) {
		if (!name.equals(calling.get())) {
			return false;
		}
		calling.remove();
		return true;
	}

	@Override
	public String toString() {
		return JobPlace.text(this.method);
	}

}
