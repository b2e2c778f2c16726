/** Long texts in the public domain: the State of the Union addresses. */
package org.jzoo.datasets.speech;
