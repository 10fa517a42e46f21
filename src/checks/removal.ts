/** The command that removes an object by its name as reports write it: `VirtualService shop/open`. */
export function removalOf(named: string): string {
  const [kind = '', path = ''] = named.split(' ');
  const [namespace = '', name = ''] = path.split('/');
  return `meshdev kubectl delete ${kind.toLowerCase()} -n ${namespace} ${name}`;
}
