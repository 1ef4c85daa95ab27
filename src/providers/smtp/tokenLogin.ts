import XOAuth2 from 'nodemailer/lib/xoauth2';

/** For XOAUTH2: each login reads the token again. */
export function tokenLogin(user: string, nextToken: () => Promise<string>): XOAuth2 {
  return new XOAuth2({
    user,
    provisionCallback: (_user, _renew, done) => {
      nextToken().then(
        (token) => done(null, token),
        (error: Error) => done(error),
      );
    },
  });
}
