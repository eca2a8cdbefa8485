package io.backgroundjobs.annotation;

import java.lang.reflect.Method;

import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.BridgeMethodResolver;

import io.backgroundjobs.JobContext;

/**
 * The rest of an intercepted call, which can go on later, on another thread, and more
 * than once.
 */
final class BeanCall {

	private final ProxyMethodInvocation invocation;

	private final Method method;

	private BeanCall(ProxyMethodInvocation invocation, Method method) {
		this.invocation = invocation;
		this.method = method;
	}

	static BeanCall of(MethodInvocation invocation) {
		Object target = invocation.getThis();
		Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(),
				(target != null) ? AopUtils.getTargetClass(target) : null);
		// The arguments belong to the caller, who may change them: the copy is the job's.
		return new BeanCall((ProxyMethodInvocation) ((ProxyMethodInvocation) invocation)
			.invocableClone(invocation.getArguments().clone()), BridgeMethodResolver.findBridgedMethod(method));
	}

	/**
	 * Return the method as the bean's class has it.
	 * @return the method, which is not a bridge
	 */
	Method method() {
		return this.method;
	}

	/**
	 * Call the rest of the advice, and the bean.
	 * @param context the running job, for the parameters that ask for it
	 * @return what the method returned
	 * @throws Exception what the method threw
	 */
	@Nullable Object proceed(JobContext context) throws Exception {
		MethodInvocation attempt = this.invocation
			.invocableClone(JobContextParameters.fill(this.method, this.invocation.getArguments(), context));
		try {
			return attempt.proceed();
		}
		catch (Throwable ex) {
			throw MethodBody.asException(ex);
		}
	}

}
