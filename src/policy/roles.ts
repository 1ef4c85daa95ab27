/** What people and programs may be allowed to do. Each route of the API requires one of these. */
export const permissions = [
  'read',
  'readHistory',
  'preview',
  'reveal',
  'actOnOneBill',
  'actOnBills',
  'control',
  'deadLetters',
  'audit',
  'export',
  'approve',
  'tokens',
] as const;

export type Permission = (typeof permissions)[number];

/** Numbers, states and bill ids; nothing personal. Every role may read them. */
const everyRole = ['read'] as const;

/** The one table of who may do what. */
const permissionsOfRole = {
  viewer: everyRole,
  agent: [...everyRole, 'readHistory', 'preview', 'reveal', 'actOnOneBill'],
  operator: [...everyRole, 'readHistory', 'actOnOneBill', 'actOnBills', 'control', 'deadLetters'],
  approver: [...everyRole, 'approve'],
  auditor: [...everyRole, 'readHistory', 'audit', 'export'],
  admin: permissions,
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

export type Role = keyof typeof permissionsOfRole;

export const roleNames = Object.keys(permissionsOfRole) as readonly Role[];

export function isRole(text: string): text is Role {
  return Object.hasOwn(permissionsOfRole, text);
}

/** The permissions of these roles together, in the order of `permissions`. */
export function permissionsOf(roles: readonly Role[]): Permission[] {
  const allowed = new Set<Permission>(roles.flatMap((role) => permissionsOfRole[role]));
  return permissions.filter((permission) => allowed.has(permission));
}

/** The roles that have a permission. */
export function rolesWith(permission: Permission): Role[] {
  return roleNames.filter((role) => permissionsOf([role]).includes(permission));
}
